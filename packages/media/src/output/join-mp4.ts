import type { Ffmpeg } from '../types.ts';

export type JoinMp4 = {
  ffmpeg: Ffmpeg;
  /** A local file: the init segment and all segments of a rendition, one behind the other. */
  videoPath: string;
  /** The same of the sound; null without. */
  audioPath: string | null;
  outPath: string;
  /** Frames that the result must have. */
  frames: number;
  signal: AbortSignal;
  stallSeconds: number;
};

/**
 * Writes one progressive MP4, with its index first, from fragments; nothing is encoded anew. Rejects with an
 * `EncodeError` (`output_not_whole` when frames are missing), or with `signal.reason`.
 */
export function joinMp4(_options: JoinMp4): Promise<{ cpuSeconds: number; log: string[] }> {
  throw new Error('not written yet');
}
