import type { TrackReport } from '@spillway/contracts';

export type BitRates = { peakBitsPerSecond: number; averageBitsPerSecond: number };

/**
 * Peak and average as HLS defines them (RFC 8216, 4.1): the peak is the largest bit rate of any
 * contiguous run of segments that lasts between 0.5 and 1.5 target durations.
 */
export function bitRates(track: TrackReport, targetSeconds: number): BitRates {
  const sizes = track.segments.map(({ bytes }) => bytes * 8);
  const seconds = track.segments.map(({ duration }) => duration / track.timescale);
  const allSeconds = seconds.reduce((sum, one) => sum + one, 0);
  const averageBitsPerSecond = Math.ceil(sizes.reduce((sum, one) => sum + one, 0) / allSeconds);
  let peak = averageBitsPerSecond;
  for (let first = 0; first < sizes.length; first += 1) {
    let bits = 0;
    let lasted = 0;
    for (let last = first; last < sizes.length; last += 1) {
      bits += sizes[last] ?? 0;
      lasted += seconds[last] ?? 0;
      if (lasted > 1.5 * targetSeconds) break;
      if (lasted >= 0.5 * targetSeconds) peak = Math.max(peak, bits / lasted);
    }
  }
  return { peakBitsPerSecond: Math.ceil(peak), averageBitsPerSecond };
}
