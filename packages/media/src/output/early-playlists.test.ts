import { expect, test } from '@jest/globals';
import { chunkCount, type EncodePlan } from '@spillway/contracts';
import { sampleMedia, samplePlan } from '@spillway/contracts/testing';
import fc from 'fast-check';
import { sampleReports } from '../testing/reports.ts';
import {
  earlyAudioPlaylist,
  earlyCaptionsPlaylist,
  earlyMaster,
  earlyVideoPlaylist,
} from './early-playlists.ts';
import { packageOutput } from './package-output.ts';

const audio = { streamIndex: 1, channels: 2, sampleRate: 48_000, bitsPerSecond: 128_000 };
const language = {
  ...{ streamIndex: 1, codec: 'aac', channels: 2, sampleRate: 48_000 },
  ...{ startSeconds: 0, endSeconds: 26, language: 'eng' },
};

/** 26 s in three chunks. */
const plan = samplePlan({
  media: { ...sampleMedia, audio: language },
  frameRate: { numerator: 25, denominator: 1 },
  frames: 650,
  gopFrames: 100,
  chunkFrames: 300,
  audio,
});

const prefixes = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `orders/ord_1/encode-chunk-${index}-att_${index}/`);
const soundPrefix = 'orders/ord_1/encode-audio-0-att_s/';

const captionsPrefix = 'orders/ord_1/prepare-0-att_c/';
const track = {
  ...{ name: 'captions-1-en', language: 'en', label: 'English', default: false },
  ...{ cues: 3, bytes: 100 },
};
const trackAt = { prefix: captionsPrefix, name: track.name };

/** The playlists of the same order when all is done. */
function finished(its: EncodePlan): (name: string) => string {
  const reports = sampleReports(its);
  const made = packageOutput({
    plan: its,
    outputs: { formats: ['hls'] },
    prefix: 'orders/ord_1/package-0-att_p/',
    chunks: reports.chunks.map((report, index) => ({
      prefix: prefixes(index + 1)[index] ?? '',
      report,
    })),
    audio: reports.audio && { prefix: soundPrefix, report: reports.audio },
    captions: { prefix: captionsPrefix, tracks: [track] },
  });
  return (name) => {
    const file = 'files' in made ? made.files.find((one) => one.name === name) : undefined;
    return file?.from === 'memory' ? Buffer.from(file.data).toString() : '';
  };
}

/** What a player that reads a playlist again must find unchanged. */
const facts = (playlist: string): string[] =>
  playlist
    .split('\n')
    .filter((line) => !/^#EXT-X-(PLAYLIST-TYPE|START|ENDLIST)/.test(line) && line !== '');

test('an early master names the renditions under their caps, and begins at the start', () => {
  expect(earlyMaster(plan, { '240p': 'avc1.640015' }, [])).toBe(
    [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-START:TIME-OFFSET=0',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Default",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio/playlist.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=628000,CODECS="avc1.640015,mp4a.40.2",RESOLUTION=426x240,FRAME-RATE=25.000,AUDIO="audio"',
      '240p/playlist.m3u8',
      '',
    ].join('\n'),
  );
  expect(() => earlyMaster(plan, {}, [])).toThrow('The codecs of 240p are not known.');
});

test('an early playlist is an event that goes on', () => {
  const playlist = earlyVideoPlaylist(plan, '240p', prefixes(1));
  expect(playlist).toContain('#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-START:TIME-OFFSET=0\n');
  expect(playlist).not.toContain('ENDLIST');
  expect(playlist.match(/#EXTINF:4\.000000,\n/g)).toHaveLength(3);
  expect(earlyAudioPlaylist(plan, soundPrefix, 2).match(/#EXTINF/g)).toHaveLength(2);
});

test('captions can be chosen early, and are never ahead of the picture', () => {
  const master = earlyMaster(plan, { '240p': 'avc1.640015' }, [track]);
  expect(master).toContain('LANGUAGE="en",DEFAULT=NO');
  expect(master).toContain('AUDIO="audio",SUBTITLES="captions"\n240p');
  const playlist = earlyCaptionsPlaylist(plan, trackAt, 1);
  const ofPicture = earlyVideoPlaylist(plan, '240p', prefixes(1));
  const times = (text: string) => text.match(/^#(EXTINF|EXT-X-(TARGET|PLAYLIST)).*$/gm);
  expect(times(playlist)).toEqual(times(ofPicture));
  expect(playlist).toContain('\n../../prepare-0-att_c/captions-1-en/00001.vtt\n');
});

test('there is nothing to play of no chunk and of no sound', () => {
  expect(() => earlyVideoPlaylist(plan, '240p', [])).toThrow('no chunk');
  expect(() => earlyAudioPlaylist({ ...plan, audio: null }, soundPrefix, 1)).toThrow('no sound');
});

test('every early playlist is the beginning of every later one and of the finished one', () => {
  const rates = [
    [24_000, 1001],
    [30_000, 1001],
    [179, 6],
    [25, 2],
    [60, 1],
  ] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...rates),
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(44_100, 48_000),
      ([numerator, denominator], frames, gopsPerChunk, sampleRate) => {
        const gopFrames = Math.round((4 * numerator) / denominator);
        const its = {
          ...plan,
          ...{ frames, gopFrames, chunkFrames: gopsPerChunk * gopFrames },
          frameRate: { numerator, denominator },
          audio: { ...audio, sampleRate },
        };
        const playlistOf = finished(its);
        const grows = (name: string, steps: string[]) => {
          const all = [...steps, playlistOf(name)].map(facts);
          for (const [index, early] of all.entries())
            expect(all.at(index + 1)?.slice(0, early.length) ?? early).toEqual(early);
          expect(all.at(-2)).toEqual(all.at(-1));
        };
        const counts = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
        grows(
          '240p/playlist.m3u8',
          counts(chunkCount(its)).map((count) => earlyVideoPlaylist(its, '240p', prefixes(count))),
        );
        const segments = playlistOf('audio/playlist.m3u8').match(/#EXTINF/g)?.length ?? 0;
        grows(
          'audio/playlist.m3u8',
          counts(segments).map((count) => earlyAudioPlaylist(its, soundPrefix, count)),
        );
        grows(
          'captions-1-en/playlist.m3u8',
          counts(chunkCount(its)).map((count) => earlyCaptionsPlaylist(its, trackAt, count)),
        );
      },
    ),
    { numRuns: 200 },
  );
});
