import { stat } from 'node:fs/promises';
import type { SourceMedia } from '@spillway/contracts';
import {
  type EncodePlan,
  outputFiles as names,
  type QcReport,
  type Rendition,
} from '@spillway/contracts';
import { workFiles } from '../ffmpeg/arguments.ts';
import { toNumber } from '../rational.ts';
import type { OutputFile } from '../types.ts';
import { bitRates } from './bit-rate.ts';
import { type DashManifest, dashManifest } from './dash.ts';
import { type AudioStream, masterPlaylist, mediaPlaylist, type VariantStream } from './hls.ts';
import { durationSeconds } from './joined-track.ts';
import { segmentSeconds } from './renditions.ts';
import type { Track } from './track.ts';

const audioName = 'audio';
const initName = 'init.mp4';
const playlistName = 'playlist.m3u8';
/** Numbered from 1, as in the DASH manifest's template. */
const segmentName = (index: number): string => `${String(index + 1).padStart(5, '0')}.m4s`;

const inMemory = (name: string, text: string): OutputFile => ({
  name,
  from: 'memory',
  data: Buffer.from(text),
});

/** Init segment, media segments and playlist of one track. */
function trackFiles(folder: string, track: Track): OutputFile[] {
  const { path, initBytes, segments, timescale } = track;
  const playlist = mediaPlaylist(
    initName,
    segments.map(({ duration }, index) => ({
      uri: segmentName(index),
      durationSeconds: duration / timescale,
    })),
  );
  return [
    { name: `${folder}/${initName}`, from: 'file', path, start: 0, end: initBytes },
    ...segments.map(({ start, bytes }, index): OutputFile => {
      const name = `${folder}/${segmentName(index)}`;
      return { name, from: 'file', path, start, end: start + bytes };
    }),
    inMemory(`${folder}/${playlistName}`, playlist),
  ];
}

/** BCP 47 from the source's ISO 639-2 ("eng" is "en"); null when it is none. */
function languageTag(language: string | null | undefined): string | null {
  if (!language || !/^[a-z]{2,3}$/.test(language) || language === 'und') return null;
  return Intl.getCanonicalLocales(language)[0] ?? null;
}

type Finished = {
  media: SourceMedia;
  plan: EncodePlan;
  workDir: string;
  tracks: ReadonlyMap<string, Track>;
  audio: Track | null;
  renditions: readonly Rendition[];
  qc: QcReport;
};

function master({ media, plan, audio, renditions }: Finished): string {
  const sound = audio && bitRates(audio, segmentSeconds(plan));
  const variants = renditions.map(
    (rendition): VariantStream => ({
      uri: `${rendition.name}/${playlistName}`,
      peakBitsPerSecond: rendition.peakBitsPerSecond + (sound?.peakBitsPerSecond ?? 0),
      averageBitsPerSecond: rendition.averageBitsPerSecond + (sound?.averageBitsPerSecond ?? 0),
      codecs: [rendition.codecs, ...(audio ? [audio.codecs] : [])],
      width: rendition.width,
      height: rendition.height,
      framesPerSecond: toNumber(plan.frameRate),
    }),
  );
  const stream: AudioStream | null = plan.audio && {
    uri: `${audioName}/${playlistName}`,
    channels: plan.audio.channels,
    language: languageTag(media.audio?.language),
  };
  return masterPlaylist(variants, stream);
}

function manifestAudio({ media, plan, audio }: Finished): DashManifest['audio'] {
  if (!plan.audio || !audio) return null;
  return {
    stream: {
      id: audioName,
      codecs: audio.codecs,
      bitsPerSecond: bitRates(audio, segmentSeconds(plan)).peakBitsPerSecond,
      sampleRate: plan.audio.sampleRate,
      channels: plan.audio.channels,
      language: languageTag(media.audio?.language),
    },
    timeline: {
      timescale: audio.timescale,
      durations: audio.segments.map(({ duration }) => duration),
    },
  };
}

function manifest(finished: Finished): string {
  const { plan, tracks, audio, renditions } = finished;
  const [first] = tracks.values();
  if (!first) throw new RangeError('An output has at least one rendition.');
  return dashManifest({
    durationSeconds: Math.max(durationSeconds(first), audio ? durationSeconds(audio) : 0),
    segmentSeconds: segmentSeconds(plan),
    frameRate: plan.frameRate,
    video: renditions.map(({ name, codecs, peakBitsPerSecond, width, height }) => ({
      id: name,
      codecs,
      bitsPerSecond: peakBitsPerSecond,
      width,
      height,
    })),
    // The grid is one for all renditions, and so is the timescale that follows from its rate.
    videoTimeline: {
      timescale: first.timescale,
      durations: first.segments.map(({ duration }) => duration),
    },
    audio: manifestAudio(finished),
  });
}

/** Every file of a finished output, the playlists last: they name what must be there before them. */
export async function outputFiles(finished: Finished): Promise<OutputFile[]> {
  const { tracks, audio, workDir, qc } = finished;
  const path = workFiles.poster(workDir);
  const { size } = await stat(path);
  return [
    ...[...tracks].flatMap(([name, track]) => trackFiles(name, track)),
    ...(audio ? trackFiles(audioName, audio) : []),
    { name: names.poster, from: 'file', path, start: 0, end: size },
    inMemory(names.qc, `${JSON.stringify(qc, null, 2)}\n`),
    inMemory(names.dash, manifest(finished)),
    inMemory(names.hls, master(finished)),
  ];
}
