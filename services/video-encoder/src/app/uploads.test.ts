import { expect, test } from '@jest/globals';
import { Uploads } from './uploads.ts';

/** A store whose puts end when the test says so, each by its name. */
function heldStore() {
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const put = (name: string): Promise<void> => {
    const end = Promise.withResolvers<void>();
    ends.set(name, end);
    return end.promise;
  };
  return { put, ends, names: () => [...ends.keys()] };
}

const file = (index: number) => ({ name: String(index), data: Buffer.of(index) });
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('several files are under way at once, and the next waits for room', async () => {
  const { put, ends, names } = heldStore();
  const uploads = new Uploads(put, () => {});
  const added = Promise.all(Array.from({ length: 20 }, (_, index) => uploads.add(file(index))));
  await turn();
  const room = names().length;
  expect(room).toBeGreaterThan(1);
  expect(room).toBeLessThan(20);
  ends.get('3')?.resolve();
  await turn();
  expect(names()).toHaveLength(room + 1);
  for (let index = 0; index < 20; index++) {
    ends.get(String(index))?.resolve();
    await turn();
  }
  await added;
  await uploads.finish();
  expect(names()).toHaveLength(20);
});

test('only files without a gap before them count as stored', async () => {
  const { put, ends } = heldStore();
  const stored: number[] = [];
  const uploads = new Uploads(put, (files) => stored.push(files));
  for (const index of [0, 1, 2]) await uploads.add(file(index));
  for (const name of ['1', '0', '2']) {
    ends.get(name)?.resolve();
    await turn();
  }
  expect(stored).toEqual([0, 2, 3]);
});

test('a file that cannot be stored ends the encode, once nothing is under way', async () => {
  const { put, ends } = heldStore();
  const stored: number[] = [];
  const uploads = new Uploads(put, (files) => stored.push(files));
  for (const index of [0, 1]) await uploads.add(file(index));
  const finished = uploads.finish().then(
    () => 'finished',
    (error: Error) => error.message,
  );
  ends.get('0')?.reject(new Error('the disk is full'));
  await turn();
  await expect(uploads.add(file(2))).rejects.toThrow('the disk is full');
  const early = await Promise.race([finished, turn()]);
  expect(early).toBeUndefined();
  ends.get('1')?.resolve();
  expect(await finished).toBe('the disk is full');
  expect(stored).toEqual([]);
});
