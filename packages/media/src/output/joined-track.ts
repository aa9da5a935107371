import {
  type CaptionsTrack,
  type EncodePlan,
  type EncodeReport,
  type TrackReport,
  trackFiles,
} from '@spillway/contracts';
import { primingSamples } from '../plan/aac.ts';

/** One encode's report, and where its files lie. */
export type Part = {
  /** From the output's own prefix, with its slash: `../encode-chunk-3-att_x/`, or nothing when it is the same. */
  folder: string;
  report: EncodeReport;
};

/** One track of the output over all parts that hold a run of it. */
export type JoinedTrack = TrackReport & {
  /** Of the parts, each once: one, where all is well. */
  initHashes: string[];
  /** Where each segment lies, by index: a part's folder. */
  folders: string[];
};

/** Captions and where their folders lie, as of a part. */
export type JoinedCaptions = { folder: string; tracks: readonly CaptionsTrack[] };

export const noCaptions: JoinedCaptions = { folder: '', tracks: [] };

/** All that an output is made of. */
export type JoinedOutput = {
  plan: EncodePlan;
  /** In order; a source encoded whole is one. */
  chunks: readonly Part[];
  /** By rendition; one that a chunk lacks is missing. */
  video: ReadonlyMap<string, JoinedTrack>;
  audio: JoinedTrack | null;
  captions: JoinedCaptions;
};

function joinTrack(parts: readonly Part[], name: string): JoinedTrack | null {
  const runs = parts.flatMap(({ folder, report }) => {
    const track = report.tracks[name];
    return track ? [{ folder, track }] : [];
  });
  const [first] = runs;
  if (!first || runs.length < parts.length) return null;
  return {
    ...first.track,
    segments: runs.flatMap(({ track }) => track.segments),
    folders: runs.flatMap(({ folder, track }) => track.segments.map(() => folder)),
    initHashes: [...new Set(runs.map(({ track }) => track.initHash))],
  };
}

/** `sound` may be the same part as the only chunk. */
export function joinOutput(
  plan: EncodePlan,
  chunks: readonly Part[],
  sound: Part | null,
  captions: JoinedCaptions,
): JoinedOutput {
  const video = new Map<string, JoinedTrack>();
  for (const { name } of plan.video) {
    const track = joinTrack(chunks, name);
    if (track) video.set(name, track);
  }
  const audio = plan.audio && sound ? joinTrack([sound], trackFiles.audioFolder) : null;
  return { plan, chunks, video, audio, captions };
}

export const countSamples = ({ segments }: TrackReport): number =>
  segments.reduce((sum, { samples }) => sum + samples, 0);

/** Presented duration; of sound, the edit list skips the encoder's priming. */
export function durationSeconds({ segments, isVideo, editStart, timescale }: TrackReport): number {
  const ticks = segments.reduce((sum, { duration }) => sum + duration, 0);
  return Math.max(0, ticks - (isVideo ? 0 : editStart)) / timescale;
}

/**
 * Segments that are not shown from where they begin: of pictures, the edit list takes out exactly the
 * reordering delay of each first one.
 */
export const countMisplaced = ({ segments, editStart }: TrackReport): number =>
  segments.filter(({ firstOffset }) => firstOffset !== editStart).length;

/** The edit list takes out exactly the encoder's priming of the sound. */
export const isHeardFromZero = ({ editStart }: TrackReport): boolean =>
  editStart === primingSamples;

/** Places where a segment does not begin where the one before ended; the first begins at 0. */
export function countGaps(track: TrackReport): number {
  let expected = 0;
  let gaps = 0;
  for (const { baseTime, duration } of track.segments) {
    if (baseTime !== expected) gaps += 1;
    expected = baseTime + duration;
  }
  return gaps;
}
