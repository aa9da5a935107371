import { expect, test } from '@jest/globals';
import { isProgressDue } from './progress.ts';

const toldAt = (times: number[]): number[] => {
  const told: number[] = [];
  for (const time of times) if (isProgressDue(time, told.at(-1) ?? null)) told.push(time);
  return told;
};

test('a job that ends within two seconds tells nothing', () => {
  expect(toldAt([0.1, 0.5, 1, 1.9])).toEqual([]);
});

test('a longer one tells first after two seconds, then every five', () => {
  expect(toldAt(Array.from({ length: 40 }, (_, i) => i / 2))).toEqual([2, 7, 12, 17]);
});
