import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './plan.ts';
import type { Stack } from './stack.ts';

const seconds = (ms: number): string => (ms / 1000).toFixed(1).padStart(6);

const HEAL_AGAIN_MS = 1_000;

/** Strikes every container when its faults say so; resolves with those that hit, when all are healed. */
export async function storm(
  stack: Stack,
  faults: readonly Fault[],
  log: (line: string) => void,
): Promise<Fault[]> {
  const start = performance.now();
  const now = () => performance.now() - start;
  const until = (atMs: number) => wait(Math.max(0, atMs - now()));
  const hits: Fault[] = [];

  /** A busy engine may refuse; a container that it left as it was has not been hit. */
  async function strike(fault: Fault): Promise<void> {
    await until(fault.atMs);
    const what = `${seconds(now())} s  ${fault.blow} ${fault.service}`;
    try {
      await stack.strike(fault);
      hits.push(fault);
      log(what);
    } catch (error) {
      log(`${what}: ${reasonOf(error)}`);
    }
    await until(fault.healedAtMs);
    await heal(fault);
  }

  async function heal(fault: Fault): Promise<void> {
    while (!(await stack.isWell(fault))) {
      await stack.heal(fault).catch((error: unknown) => log(`healing: ${reasonOf(error)}`));
      await wait(HEAL_AGAIN_MS);
    }
  }

  const byContainer = Map.groupBy(faults, ({ service, copy }) => `${service}/${copy}`);
  await Promise.all(
    [...byContainer.values()].map(async (mine) => {
      for (const fault of mine) await strike(fault);
    }),
  );
  return hits;
}

/** What the engine said; its last line. */
const reasonOf = (error: unknown): string => String(error).trim().split('\n').at(-1) ?? '';
