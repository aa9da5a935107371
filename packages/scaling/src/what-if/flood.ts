import type { SourceMedia } from '@spillway/contracts';
import { chunkCount } from '@spillway/contracts';
import { estimateCoreSeconds, planSource } from '@spillway/media';
import { createRandom } from '../simulation/random.ts';
import type { SimulatedJob, Trace } from '../simulation/traces.ts';

export interface Order {
  readonly videoSeconds: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

export interface OrderWork {
  readonly renditions: readonly string[];
  readonly jobs: number;
  /** Of one core, of the whole order. */
  readonly coreSeconds: number;
}

/** What the encoder plans for a 16:9 source like this one, with default outputs and nothing learned yet. */
export function workOf({ videoSeconds, height, framesPerSecond }: Order): OrderWork {
  const frames = Math.max(1, Math.round(videoSeconds * framesPerSecond));
  const plan = planSource(source(height, frames, framesPerSecond), { whole: false });
  return {
    renditions: plan.video.map(({ name }) => name),
    jobs: chunkCount(plan),
    coreSeconds: estimateCoreSeconds(plan),
  };
}

function source(height: number, frames: number, framesPerSecond: number): SourceMedia {
  const endSeconds = frames / framesPerSecond;
  return {
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    durationSeconds: endSeconds,
    video: {
      streamIndex: 0,
      codec: 'h264',
      width: Math.round((height * 8) / 9) * 2,
      height,
      pixelFormat: 'yuv420p',
      fullRange: false,
      colour: { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' },
      isHdr: false,
      interlaced: false,
      frameRate: { numerator: framesPerSecond, denominator: 1 },
      constantRate: true,
      frames,
      startSeconds: 0,
      endSeconds,
      keyFrames: null,
    },
    audio: null,
    allowPartial: false,
    warnings: [],
  };
}

/** Contents differ, and so does what an encode takes: sigma of a logarithmic normal distribution around the estimate. */
const CONTENT_SIGMA = 0.3;

/** Orders that come at random within so many minutes, each at once in all of its jobs. */
export function floodOf(
  work: OrderWork,
  { orders, minutes }: { readonly orders: number; readonly minutes: number },
  seed: number,
): Trace {
  const random = createRandom(seed);
  const estimateSeconds = work.coreSeconds / work.jobs;
  const arrivals = Array.from({ length: orders }, () => random.between(0, minutes * 60)).sort(
    (a, b) => a - b,
  );
  const jobs = arrivals.flatMap((arrival) => {
    const off = random.lognormal(CONTENT_SIGMA) * Math.exp(-(CONTENT_SIGMA ** 2) / 2);
    const job: SimulatedJob = { arrival, estimateSeconds, workSeconds: estimateSeconds * off };
    return Array<SimulatedJob>(work.jobs).fill(job);
  });
  return { name: `${orders} orders in ${minutes} minutes`, seconds: 0, jobs };
}
