import { afterEach, expect, test } from '@jest/globals';
import type { Backlog, JobGroup } from '@spillway/contracts';
import { createLogger } from '@spillway/runtime';
import { Autoscaler } from './autoscaler.ts';
import type { LaunchAnswer, Worker, WorkerTarget } from './ports.ts';
import { Looker } from './sight.ts';

const log = createLogger('test', 'silent');
const group: JobGroup = { queue: 'encode-jobs', jobs: 40, estimateSeconds: 60, seconds: 0 };
const noLane: Backlog['waiting'] = {
  ...{ jobs: 0, estimatedSeconds: 0, oldestSeconds: null, groups: [] },
};

/** Workers that never leave, unless they are told to. */
class FakeTarget implements WorkerTarget {
  readonly name = 'fake';
  readonly launches: { readonly count: number; readonly token: string }[] = [];
  workers: Worker[] = [];
  onLaunch: (count: number) => Promise<LaunchAnswer> = async (count) => this.start(count);

  start(launched: number): LaunchAnswer {
    const startedAt = new Date().toISOString();
    for (let worker = 0; worker < launched; worker += 1) {
      this.workers.push({ id: `w${this.workers.length}`, startedAt, state: 'starting' });
    }
    return { launched, refused: [] };
  }
  async list() {
    return [...this.workers];
  }
  async launch(count: number, token: string) {
    this.launches.push({ count, token });
    return await this.onLaunch(count);
  }
  async close() {}
}

/** An autoscaler without pauses, and a way to wait for its rounds. */
class Bench {
  readonly target = new FakeTarget();
  waiting: readonly JobGroup[] | null = [];
  isLeading = true;
  failed = 0;
  released = false;
  #rounds = 0;
  #waiters: { readonly round: number; readonly resolve: () => void }[] = [];
  readonly #autoscaler: Autoscaler;

  constructor() {
    const round = () => this.#round();
    this.#autoscaler = new Autoscaler({
      settings: {
        ...{ minWorkers: 0, maxWorkers: 10, waitTargetSeconds: 120, startSeconds: 45 },
        ...{ workerCores: 2, ingestSlots: 8, planSeconds: 0.001 },
      },
      looker: new Looker({
        readBacklog: async () => {
          if (!this.waiting) throw new Error('away');
          return { waiting: { ...noLane, groups: [...this.waiting] }, running: noLane };
        },
        depth: () => Promise.reject(new Error('away')),
        log,
      }),
      target: this.target,
      lease: {
        hold: async () => this.isLeading,
        release: async () => {
          this.released = true;
        },
      },
      observer: {
        leads: round,
        saw() {},
        planned() {},
        answered() {},
        failed: (workers) => {
          this.failed += workers;
        },
        broke() {},
      },
      log,
    });
  }

  /** Resolves when so many rounds have ended. */
  async rounds(count: number): Promise<void> {
    // The one that has begun, and then so many.
    const round = this.#rounds + count + 1;
    await new Promise<void>((resolve) => this.#waiters.push({ round, resolve }));
  }

  close = () => this.#autoscaler.close();

  #round(): void {
    this.#rounds += 1;
    const due = this.#waiters.filter(({ round }) => round <= this.#rounds);
    this.#waiters = this.#waiters.filter((waiter) => !due.includes(waiter));
    for (const { resolve } of due) resolve();
  }
}

let bench: Bench;
afterEach(() => bench.close());

test('what waits is planned for once: launched workers count before they are ready', async () => {
  bench = new Bench();
  await bench.rounds(2);
  expect(bench.target.launches).toEqual([]);
  bench.waiting = [group];
  await bench.rounds(4);
  expect(bench.target.launches).toHaveLength(1);
  expect(bench.target.workers.length).toBeGreaterThan(3);
});

test('never more than the limit are launched', async () => {
  bench = new Bench();
  bench.waiting = [{ ...group, jobs: 5000 }];
  await bench.rounds(4);
  expect(bench.target.workers).toHaveLength(10);
});

test('a launch whose answer was lost is repeated with its token, and the next has another', async () => {
  bench = new Bench();
  bench.target.onLaunch = async (count) => {
    if (bench.target.launches.length < 3) throw new Error('no answer');
    return bench.target.start(count);
  };
  bench.waiting = [{ ...group, jobs: 2 }];
  await bench.rounds(6);
  const [first, ...others] = bench.target.launches;
  expect(first?.token).toMatch(/^[a-z0-9]{16}$/);
  expect(others).toEqual([first, first]);
  bench.waiting = [{ ...group, jobs: 5000 }];
  await bench.rounds(3);
  expect(bench.target.launches.at(-1)?.token).not.toBe(first?.token);
});

test('workers that were launched without an answer, and are told by its repeat, have not failed', async () => {
  bench = new Bench();
  const launched = new Set<string>();
  bench.target.onLaunch = async (count) => {
    const { token = '' } = bench.target.launches.at(-1) ?? {};
    if (launched.has(token)) return { launched: count, refused: [] };
    launched.add(token);
    const answer = bench.target.start(count);
    if (launched.size > 1) return answer;
    bench.waiting = [{ ...group, jobs: 5000 }];
    throw new Error('no answer');
  };
  bench.waiting = [{ ...group, jobs: 2 }];
  await bench.rounds(6);
  expect(bench.target.launches).toHaveLength(3);
  expect(bench.target.workers).toHaveLength(10);
  expect(bench.failed).toBe(0);
});

test('a process without the lease launches nothing, until it has it', async () => {
  bench = new Bench();
  bench.isLeading = false;
  await bench.rounds(1);
  bench.waiting = [group];
  await bench.rounds(3);
  expect(bench.target.launches).toEqual([]);
  bench.isLeading = true;
  await bench.rounds(2);
  expect(bench.target.launches).toHaveLength(1);
});

test('while nothing can be seen nothing is launched', async () => {
  bench = new Bench();
  bench.waiting = null;
  await bench.rounds(3);
  bench.waiting = [group];
  await bench.rounds(2);
  expect(bench.target.launches).toHaveLength(1);
});

test('workers that fail at once are not launched again and again', async () => {
  bench = new Bench();
  bench.target.onLaunch = async (launched) => ({ launched, refused: [] });
  bench.waiting = [group];
  await bench.rounds(20);
  expect(bench.target.launches).toHaveLength(1);
  expect(bench.failed).toBe(bench.target.launches[0]?.count);
});

test("workers that failed take nobody's place", async () => {
  bench = new Bench();
  const startedAt = new Date().toISOString();
  bench.target.workers = Array.from({ length: 10 }, (_, n) => ({
    ...{ id: `failed-${n}`, startedAt, state: 'failed' as const },
  }));
  bench.waiting = [{ ...group, jobs: 5000 }];
  await bench.rounds(3);
  expect(bench.target.launches.map(({ count }) => count)).toEqual([10]);
});

test('what the target refuses is asked for again', async () => {
  bench = new Bench();
  bench.target.onLaunch = async (count) => ({
    launched: 0,
    refused: [{ reason: 'quota', count }],
  });
  bench.waiting = [group];
  await bench.rounds(5);
  expect(bench.target.launches.length).toBeGreaterThan(2);
  expect(new Set(bench.target.launches.map(({ token }) => token)).size).toBe(
    bench.target.launches.length,
  );
});

test('a stop gives the lease up and leaves the workers', async () => {
  bench = new Bench();
  bench.waiting = [group];
  await bench.rounds(2);
  await bench.close();
  expect(bench.released).toBe(true);
  expect(bench.target.workers.length).toBeGreaterThan(0);
});
