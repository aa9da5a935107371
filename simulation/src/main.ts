// npm run simulate -- --runs 100000           many schedules; the first one that breaks a law is shown
// npm run simulate -- --seed 4711             one schedule again, step by step
// npm run simulate -- --plant NAME --runs 1000    with a bug that must be found
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { plants } from './plants.ts';
import { simulate, startThread } from './simulate.ts';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    plant: { type: 'string' },
    threads: { type: 'string' },
  },
});
const seed = Number(values.seed ?? 1);
const runs = Number(values.runs ?? (values.seed === undefined ? 1000 : 1));
const threads = Number(values.threads ?? availableParallelism());
const plant = values.plant ?? null;
if (![seed, runs, threads].every((given) => Number.isSafeInteger(given) && given > 0)) {
  throw new RangeError('--runs, --seed and --threads are whole numbers from 1');
}
if (plant !== null && !(plant in plants)) {
  throw new RangeError(`--plant is one of ${Object.keys(plants).join(', ')}`);
}

const show = async (shown: number): Promise<boolean> => {
  const thread = startThread();
  const { trace, verdicts } = await thread.ask({ seeds: [shown], plant, traces: true });
  await thread.end();
  for (const line of trace) print(line);
  const breach = verdicts[0]?.breach ?? null;
  print(breach ? `\nseed ${shown} breaks law ${breach.law}: ${breach.what}` : '\nevery law holds');
  return breach === null;
};

if (runs === 1) {
  process.exitCode = (await show(seed)) ? 0 : 1;
} else {
  const startedAt = performance.now();
  const { breach, ...counts } = await simulate({ seed, runs, threads, plant });
  if (breach) await show(breach.seed);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  print(
    JSON.stringify({
      ...counts,
      seconds,
      breach: breach && { seed: breach.seed, ...breach.breach },
    }),
  );
  process.exitCode = breach ? 1 : 0;
}
