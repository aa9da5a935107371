import type { JobKind } from './job.ts';

/** Everything of an order lives under one prefix, so that deleting it is one listing. */
export const orderPrefix = (orderId: string): string => `orders/${orderId}/`;

/** Each attempt writes under its own prefix; the result that wins names it (law 2). */
export const attemptPrefix = (
  orderId: string,
  kind: JobKind,
  index: number,
  attemptId: string,
): string => `${orderPrefix(orderId)}${kind}-${index}-${attemptId}/`;

/**
 * An object that stands there once a run of the order has ended: workers at a job of that run look for it
 * and stop. It stays, so that a message of the run that comes later is no work either.
 */
export const cancelMarker = (orderId: string, run = 0): string =>
  `${orderPrefix(orderId)}canceled-${run}`;

/** The files of a finished output, under its prefix. */
export const outputFiles = {
  hls: 'master.m3u8',
  dash: 'manifest.mpd',
  poster: 'poster.jpg',
  thumbnails: 'thumbnails.vtt',
  mp4: 'video.mp4',
  qc: 'qc.json',
} as const;

/** Of one track, under the prefix of an output or of an attempt at a chunk: `720p/00001.m4s`. */
export const trackFiles = {
  audioFolder: 'audio',
  init: 'init.mp4',
  playlist: 'playlist.m3u8',
  /** `index` counts through the whole output, from 0; names begin at 1, as DASH templates do. */
  segment: (index: number): string => `${String(index + 1).padStart(5, '0')}.m4s`,
} as const;

/** Of captions, in the folder of their name: all cues in one file for DASH, those of each segment for HLS. */
export const captionsFiles = {
  all: 'all.vtt',
  segment: (index: number): string => `${String(index + 1).padStart(5, '0')}.vtt`,
} as const;

/** See `EncodeReport`. */
export const reportFile = 'report.json';
