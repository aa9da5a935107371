import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WorkerTarget } from '../app/ports.ts';

/** A target and the place where its workers run: a fake of its API, or the real one. */
export interface TargetBench {
  readonly target: WorkerTarget;
  /** Another process of the same installation, which begins with nothing but its settings; null: workers live in it. */
  readonly restarted: (() => Promise<WorkerTarget>) | null;
  /** A target of another installation at the same place, for example of another name prefix. */
  stranger(): Promise<WorkerTarget>;
  /** The next launch does its work, and its answer is lost; null: the real place does not do so on demand. */
  readonly loseNextAnswer: (() => void) | null;
  /** The place has no room for more than so many workers; null as above. */
  readonly limitTo: ((workers: number) => void | Promise<void>) | null;
  /** The worker takes jobs; resolves when the target can know. */
  becomeReady(id: string): Promise<void>;
  /** The worker ends by itself; resolves when the target can know. */
  leave(id: string): Promise<void>;
  /** Its program ends with another code than 0; resolves when the target can know. Null: workers live in its process. */
  readonly fail: ((id: string) => Promise<void>) | null;
  /** Lets go of everything, the targets too. */
  close(): Promise<void>;
}

const launchedIds = async (target: WorkerTarget): Promise<string[]> =>
  (await target.list()).map(({ id }) => id).toSorted();

function testList(bench: () => TargetBench): void {
  test('where nothing was launched there is no worker', async () => {
    expect(await bench().target.list()).toEqual([]);
  });

  test('a worker is listed as soon as its launch is answered, and is starting', async () => {
    const before = Date.now();
    expect(await bench().target.launch(2, 'aaaaaaaaaaaaaaaa')).toEqual({
      launched: 2,
      refused: [],
    });
    const workers = await bench().target.list();
    expect(workers.map(({ state }) => state)).toEqual(['starting', 'starting']);
    expect(new Set(workers.map(({ id }) => id)).size).toBe(2);
    for (const { startedAt } of workers) {
      expect(startedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      // Some places tell whole seconds.
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(before - 1000);
      expect(Date.parse(startedAt)).toBeLessThanOrEqual(Date.now() + 1000);
    }
  });

  test('a worker that takes jobs is ready, and one that has left is not listed', async () => {
    await bench().target.launch(2, 'aaaaaaaaaaaaaaaa');
    const [first = '', second = ''] = await launchedIds(bench().target);
    await bench().becomeReady(first);
    const states = new Map((await bench().target.list()).map(({ id, state }) => [id, state]));
    expect(states).toEqual(
      new Map([
        [first, 'ready'],
        [second, 'starting'],
      ]),
    );
    await bench().leave(first);
    expect(await launchedIds(bench().target)).toEqual([second]);
  });

  test('a worker that fails is told as one that failed, whoever looks first', async () => {
    const { target, fail } = bench();
    if (!fail) return;
    await target.launch(2, 'aaaaaaaaaaaaaaaa');
    const [first = '', second = ''] = await launchedIds(target);
    await fail(first);
    for (let look = 0; look < 2; look += 1) {
      const states = new Map((await target.list()).map(({ id, state }) => [id, state]));
      expect(states.get(first)).toBe('failed');
      expect(states.get(second)).toBe('starting');
    }
  });
}

function testLaunch(bench: () => TargetBench): void {
  test('many workers are launched at once, each of them once', async () => {
    expect(await bench().target.launch(23, 'bbbbbbbbbbbbbbbb')).toEqual({
      launched: 23,
      refused: [],
    });
    expect(new Set(await launchedIds(bench().target)).size).toBe(23);
  });

  test('two decisions launch workers of their own', async () => {
    await bench().target.launch(1, 'aaaaaaaaaaaaaaaa');
    await bench().target.launch(2, 'cccccccccccccccc');
    expect(await launchedIds(bench().target)).toHaveLength(3);
  });

  test('a launch whose answer was lost is repeated without harm', async () => {
    const { loseNextAnswer } = bench();
    if (!loseNextAnswer) return;
    loseNextAnswer();
    // A target may well repeat it itself.
    await bench()
      .target.launch(3, 'dddddddddddddddd')
      .catch(() => {});
    expect(await bench().target.launch(3, 'dddddddddddddddd')).toEqual({
      launched: 3,
      refused: [],
    });
    expect(await launchedIds(bench().target)).toHaveLength(3);
  });

  test('what has no room is refused with a reason, and the rest is launched', async () => {
    const { limitTo } = bench();
    if (!limitTo) return;
    await limitTo(2);
    const { launched, refused } = await bench().target.launch(5, 'aaaaaaaaaaaaaaaa');
    expect(launched).toBe(2);
    expect(refused.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    for (const { reason } of refused) expect(reason).toMatch(/^[a-z_]{3,40}$/);
    expect(await launchedIds(bench().target)).toHaveLength(2);
  });
}

function testOwnership(bench: () => TargetBench): void {
  test('workers of a process before are found', async () => {
    const { restarted } = bench();
    if (!restarted) return;
    await bench().target.launch(2, 'eeeeeeeeeeeeeeee');
    const ids = await launchedIds(bench().target);
    expect(await launchedIds(await restarted())).toEqual(ids);
  });

  test('workers of another installation are not counted', async () => {
    await bench().target.launch(2, 'eeeeeeeeeeeeeeee');
    const ids = await launchedIds(bench().target);
    const stranger = await bench().stranger();
    expect(await stranger.list()).toEqual([]);
    await stranger.launch(1, 'ffffffffffffffff');
    expect(await launchedIds(bench().target)).toEqual(ids);
  });

  test('closing stops no worker', async () => {
    const { restarted } = bench();
    if (!restarted) return;
    await bench().target.launch(2, 'aaaaaaaaaaaaaaaa');
    const other = await restarted();
    await bench().target.close();
    expect(await launchedIds(other)).toHaveLength(2);
  });
}

/** The contract of `WorkerTarget`, as tests: every target runs them all. */
export function testTarget(name: string, open: () => Promise<TargetBench>): void {
  describe(`${name}: the contract of a target`, () => {
    let opened: TargetBench;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const bench = () => opened;
    testList(bench);
    testLaunch(bench);
    testOwnership(bench);
  });
}
