import { availableParallelism } from 'node:os';
import { plants } from '../../simulation/src/plants.ts';
import { simulate } from '../../simulation/src/simulate.ts';
import type { Measure } from '../run.ts';
import { round } from '../support/statistics.ts';

const RUNS = 100_000;
const RUNS_WITH_A_BUG = 1000;

/** Seeded schedules of faults without a breach, and how soon a bug planted in each law is found. */
export async function simulatedSchedules(): Promise<Measure[]> {
  const threads = availableParallelism();
  const startedAt = performance.now();
  const { schedules, breach } = await simulate({ seed: 1, runs: RUNS, threads, plant: null });
  const seconds = (performance.now() - startedAt) / 1000;
  if (breach) console.error(breach);
  let latest = 0;
  for (const plant of Object.keys(plants)) {
    const found = await simulate({ seed: 1, runs: RUNS_WITH_A_BUG, threads, plant });
    latest = Math.max(latest, found.breach ? found.breach.seed : Number.POSITIVE_INFINITY);
  }
  return [
    {
      measure: `simulated schedules with faults without a breach (${round(schedules / seconds, 0)} a second)`,
      ...{ value: breach ? breach.seed - 1 : schedules, unit: 'schedules', baseline: null },
      ...{ bar: `${RUNS}`, ok: breach === null },
    },
    {
      measure: `schedules until a planted bug is found, the slowest of ${Object.keys(plants).length}`,
      ...{ value: latest, unit: 'schedules', baseline: null },
      ...{ bar: `at most ${RUNS_WITH_A_BUG}`, ok: latest <= RUNS_WITH_A_BUG },
    },
  ];
}
