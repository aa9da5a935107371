import { chunkAt, type EncodePlan, type JobResult } from '@spillway/contracts';
import { type JobState, type OrderState, planOf } from './order.ts';

/** Work-seconds of one core by unit of work, by what they depend on: learned, and never exact. */
export type Estimates = ReadonlyMap<string, number>;
export const nothingLearned: Estimates = new Map();

/** For the first jobs of all, of which nothing was measured. */
const GUESSED_COPY_SECONDS = 10;
const GUESSED_ENCODE_SECONDS = 30;

/** What a job takes of which nothing is known but its lane. */
export function usualSeconds(estimates: Estimates): { copy: number; encode: number } {
  const encodes = [...estimates].filter(([key]) => key.startsWith('prepare/'));
  const sum = encodes.reduce((seconds, [, each]) => seconds + each, 0);
  return {
    copy: estimates.get('ingest') ?? GUESSED_COPY_SECONDS,
    encode: encodes.length > 0 ? sum / encodes.length : GUESSED_ENCODE_SECONDS,
  };
}

/** Weight of the newest result: the mean forgets half of what was three results ago. */
const NEWEST = 0.2;

/** Classes of height that cost about the same; what is taller is of the last. */
const LINES = [240, 360, 480, 720, 1080, 1440, 2160, 4320] as const;

interface Work {
  readonly key: string;
  readonly units: number;
  /** Of one unit, before anything of the kind was measured. */
  readonly guess: number | null;
}

/**
 * Frames of a source like this one, encoded in every rendition of the ladder. A unit is a second by the
 * plan's own guess, so that ladders and speeds count for what they are; only those of about the same work
 * (to a factor of two) teach each other, because decoding is a part of it too. Keys stay few, whatever
 * customers ask for.
 */
function framesOf({ media, speed, coreSecondsPerFrame }: EncodePlan, frames: number): Work {
  const { codec, width, height } = media.video;
  const lines = LINES.find((most) => Math.min(width, height) <= most) ?? LINES.at(-1);
  const doublings = Math.round(Math.log2(coreSecondsPerFrame));
  return {
    key: `encode/${codec}/${lines}/${speed}/${doublings}`,
    units: frames * coreSecondsPerFrame,
    guess: 1,
  };
}

/** Null for work whose size nobody knows: what the last ones took is then all there is to say. */
function workOf(state: OrderState, kind: JobState['kind'], index: number): Work {
  const plan = planOf(state);
  if (plan && kind === 'encode-chunk') return framesOf(plan, chunkAt(plan, index).frames);
  if (plan && kind === 'prepare' && index > 0) return framesOf(plan, plan.frames);
  if (plan && kind === 'encode-audio') {
    // Its length by the plan: never nothing, whatever the source says of itself.
    const seconds = (plan.frames * plan.frameRate.denominator) / plan.frameRate.numerator;
    const key = `sound/${plan.media.audio?.codec}/${plan.audio?.channels}`;
    return { key, units: seconds, guess: null };
  }
  if (kind === 'prepare') {
    return { key: `prepare/${state.request.outputs.speed}`, units: 1, guess: null };
  }
  // Captions are small: what they take says nothing of a source.
  if (kind === 'ingest' && index > 0) return { key: 'captions', units: 1, guess: null };
  return { key: kind, units: 1, guess: null };
}

/** What a job will probably take, in work-seconds of one core; null when nothing is known. */
export function estimateSeconds(
  estimates: Estimates,
  state: OrderState,
  { kind, index }: Pick<JobState, 'kind' | 'index'>,
): number | null {
  const { key, units, guess } = workOf(state, kind, index);
  const perUnit = estimates.get(key) ?? guess;
  return perUnit === null ? null : perUnit * units;
}

/** What a result teaches: the key and its new value. `state` is the order with the result in it. */
export function learned(
  estimates: Estimates,
  state: OrderState,
  result: Extract<JobResult, { status: 'succeeded' }>,
): readonly [key: string, secondsPerUnit: number] {
  const { kind, index, startedAt, endedAt, cpuSeconds } = result;
  const { key, units } = workOf(state, kind, index);
  // A copy waits for the network: what it takes is time, not work.
  const elapsed = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  const isCopy = kind === 'ingest' || kind === 'deliver';
  const took = Math.max(0, isCopy ? elapsed : cpuSeconds) / units;
  const before = estimates.get(key) ?? took;
  return [key, before + NEWEST * (took - before)];
}
