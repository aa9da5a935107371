import { expect, test } from '@jest/globals';
import { JobError } from '@spillway/contracts';
import { judge, waitSeconds } from './verdict.ts';

const fresh = { lastAttempt: false, ageSeconds: 0 };
const last = { lastAttempt: true, ageSeconds: 0 };

test('a permanent failure ends the job at the first try', () => {
  expect(judge(new JobError('source_truncated', 'x'), fresh)).toBe('fail');
});

test('a passing failure is tried again until the budget is used up', () => {
  const error = new JobError('encode_failed', 'x');
  expect(judge(error, fresh)).toBe('retry');
  expect(judge(error, last)).toBe('bury');
});

test('a lost storage uses no budget, for a day', () => {
  const error = new JobError('storage_unavailable', 'x');
  expect(judge(error, last)).toBe('wait');
  expect(judge(error, { ...last, ageSeconds: 23 * 3600 })).toBe('wait');
  expect(judge(error, { ...last, ageSeconds: 25 * 3600 })).toBe('bury');
});

test('a waiting job looks again soon, then ever less often, at least every other minute', () => {
  expect([0, 100, 10_000].map(waitSeconds)).toEqual([5, 25, 120]);
});
