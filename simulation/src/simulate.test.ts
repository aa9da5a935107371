import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { plants } from './plants.ts';
import { type SimulationThread, simulate, startThread } from './simulate.ts';

let thread: SimulationThread;
beforeAll(() => {
  thread = startThread();
});
afterAll(() => thread.end());

const seedsTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test('no law is broken in some hundred schedules, and orders come to every kind of end', async () => {
  const { breach, schedules, orders } = await simulate({
    ...{ seed: 1, runs: 300, threads: 2, plant: null },
  });
  expect(breach).toBe(null);
  expect(schedules).toBe(300);
  expect(Object.keys(orders).sort()).toEqual(['canceled', 'completed', 'failed', 'timed_out']);
});

/** The first seed that breaks the law because of the plant; other laws may break with it. */
async function findPlant(plant: string, law: string): Promise<number | null> {
  let seeds = seedsTo(1000);
  while (seeds.length > 0) {
    const { verdicts } = await thread.ask({ seeds, plant, traces: false });
    const last = verdicts.at(-1);
    if (last?.breach?.law === law) return last.seed;
    seeds = seeds.slice(verdicts.length);
  }
  return null;
}

test.each(Object.entries(plants))(
  'the planted bug %s is found within 1000 schedules',
  async (name, { law }) => {
    expect(await findPlant(name, law)).toBeLessThanOrEqual(1000);
  },
);

test('a seed replays exactly, whatever ran before it', async () => {
  const run = (seeds: number[], traces: boolean) => thread.ask({ seeds, plant: null, traces });
  const alone = await run([77], true);
  expect(alone.trace.length).toBeGreaterThan(50);
  const behindOthers = await run([75, 76, 77], true);
  expect(behindOthers.trace.slice(-alone.trace.length)).toEqual(alone.trace);
  expect(behindOthers.verdicts.at(-1)).toEqual(alone.verdicts[0]);
  expect((await run([77], false)).verdicts).toEqual(alone.verdicts);
});
