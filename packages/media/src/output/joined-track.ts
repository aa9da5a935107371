import type { TrackReport } from '@spillway/contracts';
import { primingSamples } from '../plan/audio-fragments.ts';

/** Presented duration; of sound, the edit list skips the encoder's priming. */
export function durationSeconds({ segments, isVideo, editStart, timescale }: TrackReport): number {
  const ticks = segments.reduce((sum, { duration }) => sum + duration, 0);
  return Math.max(0, ticks - (isVideo ? 0 : editStart)) / timescale;
}

/**
 * Presentation begins at 0: the edit list takes out exactly the first picture's reordering delay, or
 * the encoder's priming of the sound.
 */
export const startsAtZero = ({ segments, editStart, isVideo }: TrackReport): boolean =>
  editStart === (isVideo ? segments[0]?.firstOffset : primingSamples);

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
