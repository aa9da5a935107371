import type { Random } from './random.ts';

/** Where workers run: how long one takes to start, and what happens to it. */
export interface Platform {
  readonly name: string;
  readonly startSeconds: (random: Random) => number;
  /** What the plan is told a start takes. */
  readonly usualStartSeconds: number;
  /** Started at once, and each second after that. */
  readonly launchBurst: number;
  readonly launchesPerSecond: number;
  /** A worker is paid for so many seconds at least. */
  readonly minimumSeconds: number;
  /** Reclaims of one worker in an hour: of Spot capacity. */
  readonly reclaimsPerHour: number;
  /** From the notice of a stop to the end. */
  readonly stopSeconds: number;
}

const clip = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** AWS Fargate: an image of 413 MB starts in 53 to 62 s, a smaller one sooner; throttled to 20 tasks a second after 100; at least a minute is paid for. */
export const fargate: Platform = {
  name: 'fargate',
  startSeconds: (random) => clip(45 * random.lognormal(0.25), 20, 180),
  usualStartSeconds: 45,
  launchBurst: 100,
  launchesPerSecond: 20,
  minimumSeconds: 60,
  reclaimsPerHour: 0,
  stopSeconds: 30,
};

/**
 * AWS tells no rate of reclaims of Fargate Spot. Its advisor for EC2 Spot tells less than 5 % to more than 20 % of the instances in a month; 5 % in an
 * hour is far beyond that, on purpose. A task has 120 s after the notice at most (stopTimeout).
 */
export const fargateSpot: Platform = {
  ...fargate,
  name: 'fargate-spot',
  reclaimsPerHour: 0.05,
  stopSeconds: 120,
};

/** Kubernetes on nodes of one's own: a quarter of the pods finds a warm node (3 to 10 s), the others wait for a new one (60 to 120 s). */
export const eks: Platform = {
  name: 'eks',
  startSeconds: (random) =>
    random.uniform() < 0.25 ? random.between(3, 10) : random.between(60, 120),
  usualStartSeconds: 75,
  launchBurst: Number.POSITIVE_INFINITY,
  launchesPerSecond: Number.POSITIVE_INFINITY,
  minimumSeconds: 60,
  reclaimsPerHour: 0,
  stopSeconds: 30,
};

export const platforms: readonly Platform[] = [fargate, fargateSpot, eks];

/** How long the platform's limit of launches holds up each next launch, in seconds. */
export function createThrottle({ launchBurst, launchesPerSecond }: Platform) {
  let tokens = launchBurst;
  let filledAt = 0;
  return (now: number): number => {
    if (launchBurst === Number.POSITIVE_INFINITY) return 0;
    tokens = Math.min(launchBurst, tokens + (now - filledAt) * launchesPerSecond) - 1;
    filledAt = now;
    return Math.max(0, -tokens / launchesPerSecond);
  };
}
