import type { Random } from './random.ts';

/** The parts of the world that may be away for a while. */
export type Part = 'broker' | 'database' | 'objects';

/** Nobody answers from `from` to `to` (virtual ms). */
export interface Outage {
  readonly part: Part;
  readonly from: number;
  readonly to: number;
}

/** How often what goes wrong: probabilities of each call, delivery or step. */
export interface Faults {
  /** A call fails and has done nothing. */
  readonly failsBefore: number;
  /** A call fails and has done what was asked, or, of several things, some. */
  readonly failsAfter: number;
  /** A call, or its answer, takes up to a minute. */
  readonly slow: number;
  /** The caller dies when its call has been done, before it hears of it. */
  readonly crash: number;
  /** The process stands still for up to two minutes. */
  readonly freeze: number;
  /** A message is delivered a second time although it was acknowledged. */
  readonly duplicate: number;
  /** A message is lost although the broker had it: somebody purged a queue, or restored an old copy. */
  readonly vanishes: number;
  /** A message comes up to two minutes late. */
  readonly late: number;
  /** A delivery's lease ends early. */
  readonly leaseLost: number;
  /** A lock is lost while its holder goes on. */
  readonly lockLost: number;
  /** The depth of a queue is told wrong. */
  readonly depthWrong: number;
  /** An attempt at an encode or a download fails, and the next one may not. */
  readonly flakyMedia: number;
  readonly outages: readonly Outage[];
}

/** Whether a message may not be sent although it should be. */
export const canLoseSends = ({ failsBefore, failsAfter, outages }: Faults): boolean =>
  failsBefore > 0 || failsAfter > 0 || outages.length > 0;

/** Whether what takes long need not be wrong. */
export const canBeSlow = (faults: Faults): boolean =>
  canLoseSends(faults) || faults.slow > 0 || faults.freeze > 0;

export const noFaults: Faults = {
  failsBefore: 0,
  failsAfter: 0,
  slow: 0,
  crash: 0,
  freeze: 0,
  duplicate: 0,
  vanishes: 0,
  late: 0,
  leaseLost: 0,
  lockLost: 0,
  depthWrong: 0,
  flakyMedia: 0,
  outages: [],
};

const parts: readonly Part[] = ['broker', 'database', 'objects'];

/**
 * Some kinds of faults of one schedule, more or less of each: few at once go deeper than all together
 * (swarm testing).
 */
export function drawFaults(random: Random, lastMs: number): Faults {
  const some = (...often: number[]): number => (random.chance(0.4) ? random.pick(often) : 0);
  const outages = Array.from({ length: random.chance(0.2) ? 1 + random.integer(2) : 0 }, () => {
    const from = random.between(0, lastMs);
    return { part: random.pick(parts), from, to: from + random.between(1_000, 120_000) };
  });
  return {
    failsBefore: some(0.01, 0.05, 0.2),
    failsAfter: some(0.01, 0.05, 0.2),
    slow: some(0.005, 0.02, 0.1),
    crash: some(0.003, 0.01, 0.04),
    freeze: some(0.002, 0.01),
    duplicate: some(0.02, 0.1, 0.5),
    vanishes: some(0.01, 0.05),
    late: some(0.02, 0.1, 0.5),
    leaseLost: some(0.02, 0.1, 0.3),
    lockLost: some(0.02, 0.1),
    depthWrong: some(0.1, 0.5),
    flakyMedia: some(0.05, 0.3),
    outages,
  };
}
