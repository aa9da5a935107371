import { posix } from 'node:path';
import type { EncodePlan, VideoTarget } from '@spillway/contracts';
import { trackFiles } from '@spillway/contracts';

/** What a player is given while the rest is still being encoded. Pure; behind it stands no ffmpeg. */

/** From an output's own prefix to that of another attempt at the same order. */
export const besidePrefix = (prefix: string): string => `../${posix.basename(prefix)}/`;

/** `master.m3u8` before the facts: rates are the plan's caps. `codecs` by rendition, RFC 6381. */
export function earlyMaster(_plan: EncodePlan, _codecs: Readonly<Record<string, string>>): string {
  throw new Error('not written yet');
}

/**
 * `<rendition>/playlist.m3u8` of the chunks that are there, from the first without a gap; a growing EVENT
 * playlist. Addresses lead from the output's prefix to the chunks' own beside it.
 */
export function earlyVideoPlaylist(
  _plan: EncodePlan,
  _rendition: VideoTarget['name'],
  _chunkPrefixes: readonly string[],
): string {
  throw new Error(`not written yet ${trackFiles.init}`);
}

/** `audio/playlist.m3u8` of the first `segments` segments of an attempt that may still be at work. */
export function earlyAudioPlaylist(_plan: EncodePlan, _prefix: string, _segments: number): string {
  throw new Error('not written yet');
}
