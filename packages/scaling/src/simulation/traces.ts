import { createRandom, type Random } from './random.ts';

export interface SimulatedJob {
  /** Seconds since the trace began. */
  readonly arrival: number;
  /** Of one lane's work, as the message tells it. */
  readonly estimateSeconds: number;
  /** What it really takes. */
  readonly workSeconds: number;
}

export interface Trace {
  readonly name: string;
  readonly seconds: number;
  readonly jobs: readonly SimulatedJob[];
}

/** How far estimates are off: sigma of a logarithmic normal distribution around what was foretold. */
const ESTIMATE_SIGMA = 0.3;
/** Spread of the sizes: with it, the 99th percentile is 3.6 times the mean, as in Alibaba's trace (106 s of 28.7 s). */
const SIZE_SIGMA = 0.64;
const HOUR = 3600;
const DAY = 24 * HOUR;

interface Sizes {
  readonly meanSeconds: number;
  /** False: what is foretold is what it takes. */
  readonly estimatesOff: boolean;
}

function job(random: Random, arrival: number, { meanSeconds, estimatesOff }: Sizes): SimulatedJob {
  const estimateSeconds =
    meanSeconds * random.lognormal(SIZE_SIGMA) * Math.exp(-(SIZE_SIGMA ** 2) / 2);
  // Centred so that the estimates are right in the mean.
  const off = random.lognormal(ESTIMATE_SIGMA) * Math.exp(-(ESTIMATE_SIGMA ** 2) / 2);
  return {
    arrival,
    estimateSeconds,
    workSeconds: estimatesOff ? estimateSeconds * off : estimateSeconds,
  };
}

const ENCODES: Sizes = { meanSeconds: 90, estimatesOff: true };

export interface BurstOptions {
  /** What is foretold is what it takes. */
  readonly sizesKnown?: boolean;
  /** Whatever is more work is cut into pieces of about so much, as Spillway cuts its sources. */
  readonly chunkSeconds?: number;
}

/** So many orders at once in an empty house. */
export function burst(orders: number, seed: number, options: BurstOptions = {}): Trace {
  const random = createRandom(seed);
  const sizes = { ...ENCODES, estimatesOff: !options.sizesKnown };
  const { chunkSeconds = Number.POSITIVE_INFINITY } = options;
  const jobs = Array.from({ length: orders }, () => job(random, 0, sizes)).flatMap((whole) => {
    const chunks = Math.max(1, Math.round(whole.estimateSeconds / chunkSeconds));
    const chunk = {
      ...whole,
      estimateSeconds: whole.estimateSeconds / chunks,
      workSeconds: whole.workSeconds / chunks,
    };
    return Array<SimulatedJob>(chunks).fill(chunk);
  });
  return { name: `burst of ${orders}`, seconds: 0, jobs };
}

/** Usually a job a minute, and after a quarter of an hour so many orders within two minutes. */
export function flood(orders: number, seed: number): Trace {
  const random = createRandom(seed);
  const seconds = HOUR;
  const usual: SimulatedJob[] = [];
  for (let at = random.exponential(1 / 60); at < seconds; at += random.exponential(1 / 60)) {
    usual.push(job(random, at, ENCODES));
  }
  const sudden = Array.from({ length: orders }, () =>
    job(random, HOUR / 4 + random.between(0, 120), ENCODES),
  );
  const jobs = [...usual, ...sudden].sort((a, b) => a.arrival - b.arrival);
  return { name: `usually 1 a minute, suddenly ${orders}`, seconds, jobs };
}

interface Rates {
  /** Jobs a second in each hour. */
  readonly hours: readonly number[];
  /** Of jobs that come together. */
  readonly batch: (random: Random) => number;
  readonly meanBatch: number;
}

/** Cox process: in each hour arrivals at random at that hour's rate, each of a batch of jobs. */
function arrivals(random: Random, { hours, batch, meanBatch }: Rates): number[] {
  const times: number[] = [];
  for (const [hour, rate] of hours.entries()) {
    const perSecond = rate / meanBatch;
    if (perSecond === 0) continue;
    for (
      let at = hour * HOUR + random.exponential(perSecond);
      at < (hour + 1) * HOUR;
      at += random.exponential(perSecond)
    ) {
      const jobs = batch(random);
      for (let index = 0; index < jobs; index += 1) times.push(at);
    }
  }
  return times;
}

const BATCH_SHARE = 0.01;
const LARGEST_BATCH = 100;
/** Of Pareto (1.2) cut at 100: 1 + the integral of x^-1.2 from 1 to 100. */
const MEAN_LARGE_BATCH = 1 + (1 - LARGEST_BATCH ** -0.2) / 0.2;

/** Mostly one by one; of a hundred arrivals, one is a batch with a Pareto (1.2) size. */
const RARE_BATCHES = {
  batch: (random: Random) =>
    random.uniform() < BATCH_SHARE ? Math.round(Math.min(random.pareto(1.2), LARGEST_BATCH)) : 1,
  meanBatch: 1 + BATCH_SHARE * (MEAN_LARGE_BATCH - 1),
};

/** A day with its night: jobs a minute in the mean, 1.7 times as many by day and a third of it by night; hours differ by an AR(1) process. */
export function diurnal(jobsPerMinute: number, seed: number): Trace {
  const random = createRandom(seed);
  let swing = 0;
  const hours = Array.from({ length: 24 }, (_, hour) => {
    swing = 0.6 * swing + 0.2 * random.normal();
    const sun = 1 - 0.7 * Math.cos((2 * Math.PI * hour) / 24);
    return (jobsPerMinute / 60) * sun * Math.exp(swing);
  });
  return trace(`day of ${jobsPerMinute} a minute`, random, { hours, ...RARE_BATCHES }, ENCODES);
}

/** A few jobs an hour, all day. */
export function sparse(jobsPerHour: number, seed: number): Trace {
  const random = createRandom(seed);
  const hours = Array<number>(24).fill(jobsPerHour / HOUR);
  return trace(`${jobsPerHour} an hour`, random, { hours, ...RARE_BATCHES }, ENCODES);
}

/**
 * The published statistics of Alibaba's trace of 2026, so many times over: 0.81 jobs a minute, a third of the hours empty, variance over mean of
 * the counts 3.8 by the minute, 14.5 by five minutes, 140 by the hour; 28.7 s a job, 99th percentile 106 s.
 */
export function alibaba(times: number, seed: number): Trace {
  const random = createRandom(seed);
  // Of the hours that are not empty, a logarithmic normal rate gives the variance by the hour; pairs of jobs now and then, what is left by the minute.
  const sigma = 0.95;
  const busyRate = (0.81 / 60) * 1.5 * Math.exp(-(sigma ** 2) / 2);
  const hours = Array.from({ length: 24 }, () =>
    random.uniform() < 1 / 3 ? 0 : times * busyRate * random.lognormal(sigma),
  );
  const batch = (draws: Random) => (draws.uniform() < 0.3 ? 2 : 1);
  const sizes = { meanSeconds: 28.7, estimatesOff: true };
  return trace(`Alibaba 2026 x${times}`, random, { hours, batch, meanBatch: 1.3 }, sizes);
}

function trace(name: string, random: Random, rates: Rates, sizes: Sizes): Trace {
  const jobs = arrivals(random, rates).map((arrival) => job(random, arrival, sizes));
  return { name, seconds: DAY, jobs };
}
