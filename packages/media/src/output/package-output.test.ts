import { describe, expect, test } from '@jest/globals';
import { type EncodeReport, JobError, QcReport, Rendition } from '@spillway/contracts';
import { sampleMedia, samplePlan } from '@spillway/contracts/testing';
import { sampleReports } from '../testing/reports.ts';
import { type PackagedOutput, type PackageOutput, packageOutput } from './package-output.ts';

const target = { width: 426, height: 240, crf: 23, maxBitsPerSecond: 500_000 };

/** 26 s in three chunks of three, three and one segments. */
const plan = samplePlan({
  media: { ...sampleMedia, audio: null },
  frameRate: { numerator: 25, denominator: 1 },
  frames: 650,
  gopFrames: 100,
  chunkFrames: 300,
  video: [
    { ...target, name: '360p', width: 640, height: 360 },
    { ...target, name: '240p' },
  ],
  audio: { streamIndex: 1, channels: 2, sampleRate: 48_000, bitsPerSecond: 128_000 },
});

type Reports = { chunks: EncodeReport[]; audio: EncodeReport | null };

function packaged(
  change: (reports: Reports) => void = () => {},
  options: Partial<PackageOutput> = {},
) {
  const reports = sampleReports(plan);
  change(reports);
  return packageOutput({
    plan,
    outputs: { formats: ['hls', 'dash'] },
    prefix: 'orders/ord_1/package-0-att_p/',
    chunks: reports.chunks.map((report, index) => ({
      prefix: `orders/ord_1/encode-chunk-${index}-att_${index}/`,
      report,
    })),
    audio: reports.audio && {
      prefix: 'orders/ord_1/encode-audio-0-att_s/',
      report: reports.audio,
    },
    captions: null,
    ...options,
  });
}

function whole(made: ReturnType<typeof packageOutput>): PackagedOutput {
  if ('unfit' in made) throw new Error(made.unfit);
  return made;
}

const files = (made = whole(packaged())): Map<string, string> =>
  new Map(
    made.files.map((file) => {
      if (file.from !== 'memory') throw new Error('Nothing is read for a package.');
      return [file.name, Buffer.from(file.data).toString()];
    }),
  );

const addresses = (playlist = '') =>
  playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('a package', () => {
  test('names every segment where its chunk left it', () => {
    const playlist = files().get('240p/playlist.m3u8') ?? '';
    const chunk = (index: number) => `../../encode-chunk-${index}-att_${index}/240p/`;
    expect(addresses(playlist)).toEqual([
      ...['00001', '00002', '00003'].map((name) => `${chunk(0)}${name}.m4s`),
      ...['00004', '00005', '00006'].map((name) => `${chunk(1)}${name}.m4s`),
      `${chunk(2)}00007.m4s`,
    ]);
    expect(playlist).toContain(`#EXT-X-MAP:URI="${chunk(0)}init.mp4"`);
    expect(playlist).toMatch(/#EXTINF:2\.000000,\n.*00007\.m4s\n#EXT-X-ENDLIST\n$/);
    const sound = files().get('audio/playlist.m3u8');
    expect(addresses(sound)[0]).toBe('../../encode-audio-0-att_s/audio/00001.m4s');
    expect(addresses(files().get('master.m3u8'))).toEqual([
      '360p/playlist.m3u8',
      '240p/playlist.m3u8',
    ]);
  });

  test('names the same segments in its manifest, on the grid', () => {
    const manifest = files().get('manifest.mpd') ?? '';
    const [video = '', audio = ''] = manifest.split('contentType="audio"');
    const named = [...video.matchAll(/<SegmentURL media="([^"]+)"/g)].map(([, name]) => name);
    const listed = ['360p', '240p'].flatMap((name) =>
      addresses(files().get(`${name}/playlist.m3u8`)).map((uri) => uri.slice('../'.length)),
    );
    expect(named).toEqual(listed);
    expect(video).toContain('<SegmentList timescale="12800" duration="51200">');
    expect(video).toContain('sourceURL="../encode-chunk-0-att_0/240p/init.mp4"');
    expect(audio).toContain('media="../encode-audio-0-att_s/$RepresentationID$/$Number%05d$.m4s"');
    expect(manifest).toContain('mediaPresentationDuration="PT26.000S"');
  });

  test('has a picture for scrubbing of every segment', () => {
    const cues = (files().get('thumbnails.vtt') ?? '').split('\n\n');
    expect(cues).toHaveLength(1 + 7);
    expect(cues[0]).toBe('WEBVTT');
    expect(cues[3]).toBe(
      '00:00:08.000 --> 00:00:12.000\n../encode-chunk-0-att_0/thumbnails-1.jpg#xywh=0,90,160,90',
    );
    expect(cues[4]).toContain('../encode-chunk-1-att_1/thumbnails-1.jpg#xywh=0,0,160,90');
    expect(cues[7]).toContain('00:00:24.000 --> 00:00:26.000');
  });

  test('describes its output as it is, and proves it', () => {
    const { output, qc } = whole(packaged());
    expect(output).toMatchObject({ prefix: 'orders/ord_1/package-0-att_p/', durationSeconds: 26 });
    const [best] = output.renditions.map((rendition) => Rendition.parse(rendition));
    expect(best).toMatchObject({ name: '360p', frames: 650, segments: 7, bytes: 65_700 });
    expect(QcReport.parse(JSON.parse(files().get('qc.json') ?? ''))).toEqual(qc);
    expect(qc).toMatchObject({ passed: true, seams: { checked: 2, broken: [] } });
  });

  test('has what was ordered', () => {
    const names = (formats: PackageOutput['outputs']['formats']) =>
      [...files(whole(packaged(undefined, { outputs: { formats } }))).keys()].sort();
    expect(names(['dash'])).toEqual(['manifest.mpd', 'qc.json', 'thumbnails.vtt']);
    expect(names(['mp4'])).toEqual(['qc.json', 'thumbnails.vtt']);
    expect(names(['hls'])).toContain('master.m3u8');
    expect(names(['hls'])).not.toContain('manifest.mpd');
  });

  describe('with captions', () => {
    const track = { language: 'en', label: 'English', default: true, cues: 7, bytes: 1300 };
    const captions = {
      prefix: 'orders/ord_1/prepare-0-att_c/',
      tracks: [
        { ...track, name: 'captions-1-en' },
        {
          ...track,
          name: 'captions-2-de',
          language: 'de',
          label: 'a<b> & ]]>\uffff',
          default: false,
        },
      ],
    };
    const made = files(whole(packaged(undefined, { captions })));

    test('offers them with every rendition', () => {
      const lines = made.get('master.m3u8')?.split('\n') ?? [];
      expect(lines.filter((line) => line.includes('SUBTITLES,'))).toEqual([
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="captions-1-en/playlist.m3u8"',
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="a<b> & ]]>\uffff",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions-2-de/playlist.m3u8"',
      ]);
      const variants = lines.filter((line) => line.startsWith('#EXT-X-STREAM-INF'));
      expect(variants).toHaveLength(2);
      for (const variant of variants) expect(variant).toMatch(/,SUBTITLES="captions"$/);
    });

    test('names their segments where they lie, as long as those of the picture', () => {
      const playlist = made.get('captions-2-de/playlist.m3u8') ?? '';
      const folder = '../../prepare-0-att_c/captions-2-de/';
      const names = [1, 2, 3, 4, 5, 6, 7].map((number) => `${folder}0000${number}.vtt`);
      expect(addresses(playlist)).toEqual(names);
      expect(playlist).not.toContain('EXT-X-MAP');
      const times = (text = '') => text.match(/^#EXT(INF|-X-TARGETDURATION).*$/gm);
      expect(times(playlist)).toEqual(times(made.get('240p/playlist.m3u8')));
    });

    test('names each in its manifest as one file', () => {
      const [, english = '', german = ''] = (made.get('manifest.mpd') ?? '').split(
        'contentType="text"',
      );
      expect(english).toMatch(
        /^ mimeType="text\/vtt" lang="en">\n *<Label>English<\/Label>\n.*value="main"/,
      );
      // 1300 bytes in 26 s.
      expect(english).toMatch(
        /<Representation id="captions-1-en" bandwidth="400">\n *<BaseURL>..\/prepare-0-att_c\/captions-1-en\/all.vtt</,
      );
      expect(german).toContain('<Label>a&lt;b&gt; &amp; ]]&gt;\ufffd</Label>');
      expect(german).not.toContain('value="main"');
    });

    test('says in its report what they are', () => {
      expect(JSON.parse(made.get('qc.json') ?? '')).toMatchObject({
        captions: [
          { name: 'captions-1-en', language: 'en', cues: 7 },
          { name: 'captions-2-de', language: 'de', cues: 7 },
        ],
      });
    });
  });

  test('of a long film is small enough to be fetched', () => {
    const film = { ...plan, frames: 180_000, gopFrames: 100, chunkFrames: 500 };
    const video = [1080, 720, 480, 360, 240].map((height) => ({ ...target, name: `${height}p` }));
    const long = { ...film, video };
    const reports = sampleReports(long);
    const att = 'att_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
    const made = packaged(undefined, {
      plan: long,
      chunks: reports.chunks.map((report, index) => ({
        prefix: `orders/o/encode-chunk-${index}-${att}/`,
        report,
      })),
      audio: reports.audio && { prefix: `orders/o/encode-audio-0-${att}/`, report: reports.audio },
    });
    const size = (name: string) => files(whole(made)).get(name)?.length ?? 0;
    expect(size('240p/playlist.m3u8')).toBeLessThan(200_000);
    expect(size('manifest.mpd')).toBeLessThan(1_000_000);
  });
});

/** Each changes the reports of what would be whole. */
const faults: [what: string, failure: RegExp, change: (reports: Reports) => void][] = [
  ['a chunk that is missing', /300 frames where 650/, ({ chunks }) => chunks.splice(1)],
  ['chunks in the wrong order', /gaps between/, ({ chunks }) => chunks.reverse()],
  [
    'a chunk that lacks a rendition',
    /240p was planned and is missing/,
    ({ chunks: [, second] }) => {
      delete second?.tracks['240p'];
    },
  ],
  [
    'a segment of the next chunk in the one before',
    /gaps between/,
    ({ chunks: [first, second] }) => {
      const moved = second?.tracks['360p']?.segments.shift();
      if (moved) first?.tracks['360p']?.segments.push({ ...moved, baseTime: 0 });
    },
  ],
  [
    'a chunk on a clock of its own',
    /gaps between/,
    ({ chunks: [, second] }) => {
      for (const segment of second?.tracks['360p']?.segments ?? []) segment.baseTime -= 153_600;
    },
  ],
  [
    'a chunk with another init segment',
    /chunks of 360p have 2 init segments/,
    ({ chunks: [, second] }) => {
      const track = second?.tracks['360p'];
      if (track) track.initHash = 'ff';
    },
  ],
  [
    'a chunk of another build of ffmpeg',
    /2 builds/,
    ({ chunks: [, , third] }) => {
      if (third) third.ffmpegBuild = 'ffmpeg version 8';
    },
  ],
  [
    'a chunk whose pictures are shown late',
    /first picture is not shown in time/,
    ({ chunks: [, second] }) => {
      for (const segment of second?.tracks['360p']?.segments ?? []) segment.firstOffset = 1536;
    },
  ],
  [
    'sound that is missing',
    /sound was planned/,
    (reports) => {
      reports.audio = null;
    },
  ],
  [
    'a broken seam beside another fault',
    /does not go on at 1 of 2 seams.*/,
    ({ chunks: [first, second] }) => {
      if (first?.seam) first.seam.next = 'other';
      for (const segment of second?.tracks['360p']?.segments ?? []) segment.startsWithIdr = false;
    },
  ],
];

describe('parts that do not make a whole', () => {
  test.each(faults)('%s', (_, failure, change) => {
    expect(() => packaged(change)).toThrow(JobError);
    expect(() => packaged(change)).toThrow(
      expect.objectContaining({
        code: 'output_not_whole',
        message: expect.stringMatching(failure),
      }),
    );
  });

  test.each<[string, (reports: Reports) => void]>([
    [
      'begins with another picture',
      ({ chunks: [, , third] }) => {
        if (third?.seam) third.seam.first = 'other';
      },
    ],
    [
      'follows one that saw no next picture',
      ({ chunks: [, second] }) => {
        if (second?.seam) second.seam.next = null;
      },
    ],
  ])('only a chunk that %s makes the cut unfit', (_, change) => {
    expect(packaged(change)).toEqual({
      unfit: 'The picture does not go on at 1 of 2 seams, first before chunk 2.',
    });
  });
});
