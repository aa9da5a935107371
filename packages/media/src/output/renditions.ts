import type { EncodePlan, Rendition } from '@spillway/contracts';
import { formatRational, toNumber } from '../rational.ts';
import { bitRates } from './bit-rate.ts';
import { countSamples, type JoinedOutput } from './joined-track.ts';

export const segmentSeconds = (plan: EncodePlan): number =>
  plan.gopFrames / toNumber(plan.frameRate);

/** Finished renditions as an order shows them, best first; rates are of the picture alone. */
export function describeRenditions({ plan, video }: JoinedOutput): Rendition[] {
  return plan.video.flatMap(({ name, width, height }) => {
    const track = video.get(name);
    if (!track) return [];
    const rendition: Rendition = {
      name,
      width,
      height,
      frameRate: formatRational(plan.frameRate),
      codecs: track.codecs,
      ...bitRates(track, segmentSeconds(plan)),
      frames: countSamples(track),
      segments: track.segments.length,
      bytes: track.segments.reduce((sum, { bytes }) => sum + bytes, track.initBytes),
    };
    return [rendition];
  });
}
