import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Verdict } from './schedule.ts';

export interface Task {
  readonly seeds: readonly number[];
  readonly plant: string | null;
  readonly traces: boolean;
}

/** Verdicts of the seeds in order, up to the first breach. */
export interface Told {
  readonly verdicts: readonly Verdict[];
  readonly trace: readonly string[];
}

export interface SimulationOptions {
  /** The first one; the others follow it. */
  readonly seed: number;
  readonly runs: number;
  readonly threads: number;
  /** A planted bug by name, see `plants.ts`; null for none. */
  readonly plant: string | null;
}

export interface Simulation {
  readonly schedules: number;
  /** Steps of all schedules: calls answered, timers fired, deliveries made. */
  readonly steps: number;
  readonly virtualSeconds: number;
  /** Orders, by how they ended. */
  readonly orders: Readonly<Record<string, number>>;
  /** The first breach by its seed; null when every law held. */
  readonly breach: Verdict | null;
}

/** Seeds that a thread takes at once. */
const BATCH = 100;

/** Does one task after the other. */
export interface SimulationThread {
  ask(task: Task): Promise<Told>;
  end(): Promise<unknown>;
}

/** In which time is virtual, and nothing else runs. */
export function startThread(): SimulationThread {
  const thread = new Worker(new URL('./thread.ts', import.meta.url));
  return {
    async ask(task) {
      thread.postMessage(task);
      const [told] = (await once(thread, 'message')) as [Told];
      return told;
    },
    end: () => thread.terminate(),
  };
}

/** Runs schedules on several threads until all have run or one has broken a law. */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const { seed, runs, threads, plant } = options;
  const verdicts: Verdict[] = [];
  let next = seed;
  const breaches: Verdict[] = [];
  const lane = async () => {
    const { ask, end } = startThread();
    while (next < seed + runs && breaches.length === 0) {
      const count = Math.min(BATCH, seed + runs - next);
      const seeds = Array.from({ length: count }, (_, index) => next + index);
      next += count;
      const told = await ask({ seeds, plant, traces: false });
      verdicts.push(...told.verdicts);
      breaches.push(...told.verdicts.filter(({ breach }) => breach));
    }
    await end();
  };
  await Promise.all(Array.from({ length: threads }, lane));
  const orders: Record<string, number> = {};
  for (const end of verdicts.flatMap(({ ends }) => ends)) orders[end] = (orders[end] ?? 0) + 1;
  const sum = (of: (verdict: Verdict) => number) =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0);
  return {
    schedules: verdicts.length,
    steps: sum(({ steps }) => steps),
    virtualSeconds: Math.round(sum(({ seconds }) => seconds)),
    orders,
    breach: breaches.sort((a, b) => a.seed - b.seed)[0] ?? null,
  };
}
