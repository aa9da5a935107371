import { parentPort } from 'node:worker_threads';
import type { Task, Told } from './simulate.ts';
import { installVirtualTime } from './virtual-time.ts';

// One thread of a simulation: time is virtual in here, so nothing else may run beside the schedules.
// Everything that keeps a timer or a clock of its own is loaded after that.
installVirtualTime();
const { runSchedule } = await import('./schedule.ts');
const { plants } = await import('./plants.ts');

async function work({ seeds, plant, traces }: Task): Promise<Told> {
  const traced: string[] | null = traces ? [] : null;
  // A stack for every simulated failure is a tenth of the time, and nobody reads it.
  if (!traces) Error.stackTraceLimit = 0;
  const verdicts = [];
  for (const seed of seeds) {
    const options = { plant: plant === null ? null : (plants[plant] ?? null), traced };
    const verdict = await runSchedule(seed, options);
    verdicts.push(verdict);
    if (verdict.breach) break;
  }
  return { verdicts, trace: traced ?? [] };
}

parentPort?.on('message', (task: Task) => {
  void work(task).then((told) => parentPort?.postMessage(told));
});
