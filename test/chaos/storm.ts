import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './plan.ts';
import type { Stack } from './stack.ts';

const seconds = (ms: number): string => (ms / 1000).toFixed(1).padStart(6);

/** Strikes every container when its faults say so; resolves with how many were, when all are healed. */
export async function storm(
  stack: Stack,
  faults: readonly Fault[],
  log: (line: string) => void,
): Promise<number> {
  const start = performance.now();
  const until = (atMs: number) => wait(Math.max(0, atMs - (performance.now() - start)));
  const now = () => performance.now() - start;

  async function strike(fault: Fault): Promise<void> {
    await until(fault.atMs);
    const heal = await stack.strike(fault);
    log(`${seconds(now())} s  ${fault.blow} ${fault.service}`);
    await until(fault.healedAtMs);
    await heal();
  }

  const byContainer = Map.groupBy(faults, ({ service, copy }) => `${service}/${copy}`);
  await Promise.all(
    [...byContainer.values()].map(async (mine) => {
      for (const fault of mine) await strike(fault);
    }),
  );
  return faults.length;
}
