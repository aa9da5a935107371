// The scaling plan against the field's algorithms, in simulation: same arrivals, same starts, same noise. Draws docs/autoscale.svg.
// --idle-seconds says when our workers leave, and draws nothing.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  alibaba,
  burst,
  cdkSteps,
  clairvoyant,
  diurnal,
  eks,
  fargate,
  fargateSpot,
  flood,
  kedaScaledJob,
  kedaScaledObject,
  type Order,
  type Platform,
  QUEUE_NOISE,
  type ScalerFactory,
  type SimulationResult,
  type Summary,
  simulate,
  sparse,
  spillwayLeavingAfter,
  summarize,
  type Trace,
  targetTracking,
} from '@spillway/scaling/simulation';
import type { BenchResult, Measure } from './run.ts';
import { drawRuns } from './support/autoscale-picture.ts';
import { round } from './support/statistics.ts';

const SEEDS = [1, 2, 3, 4, 5];
const MAX_WORKERS = 100;
const WAIT_TARGET_SECONDS = 120;
const PICTURE = new URL('../docs/autoscale.svg', import.meta.url);

const keda = kedaScaledObject(1);
const others: readonly ScalerFactory[] = [
  keda,
  // Tuned by hand to this wait target and these jobs; and KEDA's default.
  kedaScaledObject(2),
  kedaScaledObject(5),
  kedaScaledJob('default'),
  kedaScaledJob('accurate'),
  targetTracking,
  cdkSteps,
];

interface Situation {
  readonly name: string;
  readonly trace: (seed: number) => Trace;
  readonly order?: Order;
  readonly platform?: Platform;
}

const BUSY_DAY = 'day of 10 a minute';
const DAYS: readonly (Situation & { readonly overClairvoyant: number })[] = [
  { name: 'day of 2 a minute', trace: (seed) => diurnal(2, seed), overClairvoyant: 1.05 },
  { name: BUSY_DAY, trace: (seed) => diurnal(10, seed), overClairvoyant: 1.05 },
  { name: 'Alibaba 2026 x3', trace: (seed) => alibaba(3, seed), overClairvoyant: 1.05 },
  { name: 'sparse, 12 an hour', trace: (seed) => sparse(12, seed), overClairvoyant: 1.2 },
];

const KNOWN = 'sizes known, longest first';
const CHUNKS = 'in chunks of 20 s, first come';
const BURSTS: readonly Situation[] = [
  { name: 'first come', trace: (seed) => burst(1000, seed) },
  { name: KNOWN, trace: (seed) => burst(1000, seed, { sizesKnown: true }), order: 'longest_first' },
  { name: CHUNKS, trace: (seed) => burst(1000, seed, { chunkSeconds: 20 }) },
];

function play(situation: Situation, scaler: ScalerFactory, seed: number): SimulationResult {
  const trace = situation.trace(seed);
  const platform = situation.platform ?? fargate;
  const estimates = trace.jobs.reduce((sum, { estimateSeconds }) => sum + estimateSeconds, 0);
  return simulate({
    trace,
    scaler,
    platform,
    settings: {
      maxWorkers: MAX_WORKERS,
      lanesPerWorker: 1,
      waitTargetSeconds: WAIT_TARGET_SECONDS,
      startSeconds: platform.usualStartSeconds,
      meanJobSeconds: estimates / trace.jobs.length,
    },
    noise: QUEUE_NOISE,
    order: situation.order ?? 'first_come',
    seed,
  });
}

const playAll = (situation: Situation, scaler: ScalerFactory): Summary =>
  summarize(SEEDS.map((seed) => play(situation, scaler, seed)));

/** All work on all workers after the usual start; the longest job right after one. */
function burstBound(situation: Situation): number {
  const start = fargate.usualStartSeconds;
  const bounds = SEEDS.map((seed) => {
    const work = situation.trace(seed).jobs.map(({ workSeconds }) => workSeconds);
    const all = work.reduce((sum, seconds) => sum + seconds, 0);
    return start + Math.max(all / MAX_WORKERS, Math.max(...work));
  });
  return bounds.reduce((sum, bound) => sum + bound, 0) / bounds.length;
}

const columns = [26, 7, 7, 7, 10, 8, 8, 8] as const;
const line = (cells: readonly string[]) =>
  console.log(
    cells
      .map((cell, index) =>
        index === 0 ? cell.padEnd(columns[0]) : cell.padStart(columns[index] ?? 8),
      )
      .join(' '),
  );

function printHead(title: string): void {
  console.log(`\n${title}`);
  line(['', 'p50 s', 'p95 s', 'p99 s', 'makespan', 'billed', 'stopped', 'lost']);
}

/** Waits, makespan over its bound, billed over worked, busy workers stopped, work lost. */
function printRow(summary: Summary, bound: number | null, name = summary.scaler): void {
  const { waitSeconds, workedSeconds } = summary;
  line([
    name,
    ...[waitSeconds.p50, waitSeconds.p95, waitSeconds.p99].map((wait) => wait.toFixed(0)),
    bound === null ? '' : `${(summary.makespanSeconds / bound).toFixed(3)}x`,
    `${(summary.billedSeconds / workedSeconds).toFixed(2)}x`,
    String(summary.busyStopped),
    `${((100 * summary.lostSeconds) / workedSeconds).toFixed(1)} %`,
  ]);
}

interface Outcome {
  readonly measures: readonly Measure[];
  readonly busyStopped: number;
}

function day(situation: (typeof DAYS)[number], spillway: ScalerFactory): Outcome {
  printHead(`${situation.name}, ${SEEDS.length} days of 24 h`);
  const [ours, scaledObject] = [spillway, ...others].map((scaler) => {
    const summary = playAll(situation, scaler);
    printRow(summary, null);
    return summary;
  });
  if (!ours || !scaledObject) throw new Error('nothing was played');
  const best = SEEDS.map((seed) =>
    clairvoyant(situation.trace(seed), WAIT_TARGET_SECONDS, fargate, seed),
  ).reduce((sum, { billedSeconds }) => sum + billedSeconds, 0);
  line(['clairvoyant', '', '', '', '', `${(best / ours.workedSeconds).toFixed(2)}x`, '', '']);

  const overKeda = ours.billedSeconds / scaledObject.billedSeconds;
  // Nobody pays less than the work: where that alone is more than 0.6 of KEDA's bill, the bar cannot be met.
  const least = ours.workedSeconds / scaledObject.billedSeconds;
  const over = ours.billedSeconds / best;
  const { p95 } = ours.waitSeconds;
  return {
    busyStopped: ours.busyStopped,
    measures: [
      measure(`${situation.name}: p95 wait`, p95, 's', null, '<= 120', p95 <= WAIT_TARGET_SECONDS),
      measure(
        `${situation.name}: billed over clairvoyant`,
        over,
        'ratio',
        1,
        `<= ${situation.overClairvoyant}`,
        over <= situation.overClairvoyant,
      ),
      measure(
        `${situation.name}: cost over KEDA ScaledObject, 1 a pod`,
        overKeda,
        'ratio',
        1,
        least > 0.6 ? `<= 0.6 is impossible: the work alone is ${least.toFixed(2)}` : '<= 0.6',
        least > 0.6 ? null : overKeda <= 0.6,
      ),
    ],
  };
}

function measure(
  name: string,
  value: number,
  unit: string,
  baseline: number | null,
  bar: string,
  ok: boolean | null,
): Measure {
  return { measure: name, value: round(value), unit, baseline, bar, ok };
}

function bursts(spillway: ScalerFactory): Outcome {
  const measures: Measure[] = [];
  let busyStopped = 0;
  for (const situation of BURSTS) {
    const bound = burstBound(situation);
    printHead(`1000 at once, ${situation.name}; no end before ${bound.toFixed(0)} s`);
    for (const scaler of [spillway, ...others]) {
      const summary = playAll(situation, scaler);
      printRow(summary, bound);
      if (scaler !== spillway) continue;
      busyStopped += summary.busyStopped;
      const over = summary.makespanSeconds / bound;
      const hasBar = situation.name === KNOWN || situation.name === CHUNKS;
      measures.push(
        measure(
          `burst, ${situation.name}: makespan over its bound`,
          over,
          'ratio',
          1,
          hasBar ? '<= 1.05' : 'none',
          hasBar ? over <= 1.05 : null,
        ),
      );
    }
  }
  return { measures, busyStopped };
}

function onPlatforms(spillway: ScalerFactory): Outcome {
  printHead('Spillway where workers run: 1000 at once in chunks, then a day of 2 a minute');
  let busyStopped = 0;
  for (const platform of [fargate, fargateSpot, eks]) {
    for (const situation of [BURSTS[2], DAYS[0]]) {
      if (!situation) continue;
      const summary = playAll({ ...situation, platform }, spillway);
      busyStopped += summary.busyStopped;
      const bound = situation === BURSTS[2] ? burstBound(situation) : null;
      printRow(summary, bound, `${platform.name}, ${bound === null ? 'day' : 'burst'}`);
    }
  }
  return { measures: [], busyStopped };
}

const FLOOD: Situation = { name: 'flood', trace: (seed) => flood(1000, seed) };

function flooded(spillway: ScalerFactory): Outcome {
  printHead(FLOOD.trace(1).name);
  let busyStopped = 0;
  for (const scaler of [spillway, ...others]) {
    const summary = playAll(FLOOD, scaler);
    printRow(summary, null);
    if (scaler === spillway) busyStopped = summary.busyStopped;
  }
  return { measures: [], busyStopped };
}

async function draw(spillway: ScalerFactory): Promise<void> {
  const runs = [spillway, keda, targetTracking].map((scaler) => play(FLOOD, scaler, 1));
  const { seconds } = FLOOD.trace(1);
  await writeFile(PICTURE, drawRuns(runs, { seconds, most: MAX_WORKERS }));
}

export default async function autoscale(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({ args, options: { 'idle-seconds': { type: 'string' } } });
  const idleSeconds = Number(values['idle-seconds'] ?? 10);
  if (!(idleSeconds > 0)) throw new Error('--idle-seconds wants a number over 0');
  const spillway = spillwayLeavingAfter(idleSeconds);
  console.log(
    `At most ${MAX_WORKERS} workers, wait target ${WAIT_TARGET_SECONDS} s, on Fargate (start about 45 s), estimates off by 30 %, counts off and late; ours leave after ${idleSeconds} idle seconds.`,
  );
  const outcomes = [
    bursts(spillway),
    ...DAYS.map((situation) => day(situation, spillway)),
    onPlatforms(spillway),
    flooded(spillway),
  ];
  if (values['idle-seconds'] === undefined) await draw(spillway);
  const stopped = outcomes.reduce((sum, { busyStopped }) => sum + busyStopped, 0);
  return {
    name: 'autoscale',
    measures: [
      ...outcomes.flatMap(({ measures }) => measures),
      measure('busy workers stopped, all runs', stopped, 'workers', null, '0', stopped === 0),
    ],
  };
}
