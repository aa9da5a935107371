import { expect, test } from '@jest/globals';
import { lookUps } from './look-ups.ts';

function slow() {
  const asked: { id: string; answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const find = (id: string) =>
    new Promise<string>((answer, fail) => {
      asked.push({ id, answer, fail });
    });
  return { asked, find };
}

test('who asks while it is being looked up, or soon after, gets the same answer', async () => {
  const { asked, find } = slow();
  const { get } = lookUps(find, 60_000);
  const both = Promise.all([get('a'), get('a')]);
  asked[0]?.answer('found');
  expect(await both).toEqual(['found', 'found']);
  expect(await get('a')).toBe('found');
  expect(asked).toHaveLength(1);
});

test('what is forgotten while it is being looked up is not remembered', async () => {
  const { asked, find } = slow();
  const { get, forget } = lookUps(find, 60_000);
  const before = get('a');
  forget('a');
  asked[0]?.answer('old');
  expect(await before).toBe('old');
  const after = get('a');
  asked[1]?.answer('new');
  expect(await after).toBe('new');
});

test('a failure is told and not remembered', async () => {
  const { asked, find } = slow();
  const { get } = lookUps(find, 60_000);
  const failing = get('a');
  asked[0]?.fail(new Error('no database'));
  await expect(failing).rejects.toThrow('no database');
  const after = get('a');
  asked[1]?.answer('found');
  expect(await after).toBe('found');
});
