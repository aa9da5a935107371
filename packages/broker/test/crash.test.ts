import { expect, test } from '@jest/globals';
import { crashRounds } from './crash/rounds.ts';

test('a broker killed five times under load keeps every promise it answered', async () => {
  const report = await crashRounds(5);
  expect(report.problems).toEqual([]);
  expect(report.answeredSends).toBeGreaterThan(100);
  expect(report.answeredRemovals).toBeGreaterThan(10);
  expect(report.moved).toBeGreaterThan(10);
  expect(report.movesInterrupted).toBeGreaterThan(0);
}, 120_000);
