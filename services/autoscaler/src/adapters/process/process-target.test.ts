import { expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { type LocalWorker, ProcessTarget } from './index.ts';

const log = createLogger('test', 'silent');

/** Workers that leave and close when told. */
function bench() {
  const workers = new Map<number, { leave(): void; closed(): void; isClosing: boolean }>();
  const target = new ProcessTarget(async (number): Promise<LocalWorker> => {
    const left = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const worker = { leave: left.resolve, closed: closed.resolve, isClosing: false };
    workers.set(number, worker);
    return {
      left: left.promise,
      close() {
        worker.isClosing = true;
        return closed.promise;
      },
    };
  }, log);
  return { target, workers };
}

test('workers are numbered from 1, and the lowest free number is given again', async () => {
  const { target, workers } = bench();
  expect(await target.launch(3)).toEqual({ launched: 3, refused: [] });
  expect((await target.list()).map(({ id, state }) => `${id} ${state}`)).toEqual([
    ...['1 ready', '2 ready', '3 ready'],
  ]);
  workers.get(2)?.leave();
  await Promise.resolve();
  expect(workers.get(2)?.isClosing).toBe(true);
  // It is there until it is closed: another one would use its folder.
  expect(await target.list()).toHaveLength(3);
  workers.get(2)?.closed();
  while ((await target.list()).length > 2) await Promise.resolve();
  await target.launch(1);
  expect((await target.list()).map(({ id }) => id).toSorted()).toEqual(['1', '2', '3']);
});

test('one that does not start is refused, with a reason, and leaves no trace', async () => {
  const target = new ProcessTarget(() => Promise.reject(new Error('no ffmpeg')), log);
  expect(await target.launch(2)).toEqual({
    launched: 0,
    refused: [{ reason: 'failed_to_start', count: 2 }],
  });
  expect(await target.list()).toEqual([]);
});

test('closing closes them all, also one that is about to leave', async () => {
  const { target, workers } = bench();
  await target.launch(2);
  workers.get(1)?.leave();
  await Promise.resolve();
  const closed = target.close();
  for (const worker of workers.values()) {
    expect(worker.isClosing).toBe(true);
    worker.closed();
  }
  await closed;
  expect(await target.list()).toEqual([]);
});

test('closing closes one that is still about to start', async () => {
  const started = Promise.withResolvers<LocalWorker>();
  let isClosed = false;
  const target = new ProcessTarget(() => started.promise, log);
  const launched = target.launch(1);
  const closed = target.close();
  started.resolve({
    left: new Promise(() => {}),
    async close() {
      isClosed = true;
    },
  });
  await Promise.all([launched, closed]);
  expect(isClosed).toBe(true);
  expect(await target.list()).toEqual([]);
});

test('with one that starts it is not empty; with none but one that leaves it is', async () => {
  const { target, workers } = bench();
  expect(target.isEmpty).toBe(true);
  const launched = target.launch(1);
  expect(target.isEmpty).toBe(false);
  await launched;
  expect(target.isEmpty).toBe(false);
  workers.get(1)?.leave();
  await Promise.resolve();
  expect(target.isEmpty).toBe(true);
});
