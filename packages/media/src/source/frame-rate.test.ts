import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatRational, rational } from '../rational.ts';
import { chooseGrid } from './frame-rate.ts';

const milliseconds = rational(1, 1000);

/** Times of frames at a rate, as a container with this time base writes them. */
const ticksAt = (
  count: number,
  rate: number,
  timeBase = 1000,
  jitter: (i: number) => number = () => 0,
) =>
  Array.from({ length: count }, (_, index) =>
    Math.round(((index + jitter(index)) / rate) * timeBase),
  );
const grid = (
  ticks: number[],
  base: string | null = null,
  average: string | null = base,
  lastDuration: number | null = null,
) => {
  const read = (text: string | null) => {
    const [numerator = 0, denominator = 1] = (text ?? '').split('/').map(Number);
    return text ? rational(numerator, denominator) : null;
  };
  const told = { base: read(base), average: read(average) };
  const chosen = chooseGrid({ ticks, timeBase: milliseconds, lastDuration }, told);
  return { ...chosen, rate: formatRational(chosen.frameRate) };
};

describe('chooseGrid', () => {
  test('a rate rounded to milliseconds is constant', () => {
    expect(grid(ticksAt(300, 30000 / 1001), '30000/1001')).toMatchObject({
      constantRate: true,
      rate: '30000/1001',
    });
  });

  test('a rate written as an average of milliseconds is read as the standard one', () => {
    expect(grid(ticksAt(180, 60000 / 1001), '19001/317')).toMatchObject({
      constantRate: true,
      rate: '60000/1001',
    });
  });

  test('small jitter is no variable rate, large is', () => {
    const small = ticksAt(90, 30, 1000, (i) => (i % 3) * 0.1);
    expect(grid(small, '30/1').constantRate).toBe(true);
    const large = ticksAt(90, 30, 1000, (i) => (i % 3) * 0.4);
    expect(grid(large, '30/1').constantRate).toBe(false);
  });

  test('a rate that is told wrong is not believed', () => {
    expect(grid(ticksAt(100, 25), '50/1', '50/1')).toMatchObject({ constantRate: false });
  });

  test('a missing frame makes the rate variable, on the rate that was meant', () => {
    const ticks = ticksAt(90, 30).filter((_, index) => index !== 40);
    expect(grid(ticks, '30/1', '2967/100')).toMatchObject({ constantRate: false, rate: '30' });
  });

  test('without a rate that was chosen, a standard one not below the average', () => {
    const ticks = [0, 40, 90, 100, 160, 170, 250, 300, 301, 400];
    expect(grid(ticks, '1000/1', '77/3').rate).toBe('24000/1001');
  });

  test('above 60 frames a second, a whole part of the rate', () => {
    expect(grid(ticksAt(240, 120), '120/1')).toMatchObject({ constantRate: false, rate: '60' });
    expect(grid(ticksAt(240, 90), '90/1').rate).toBe('45');
    expect(grid(ticksAt(240, 60), '60/1')).toMatchObject({ constantRate: true, rate: '60' });
  });

  test('one frame lasts as long as its container says, or a 25th of a second', () => {
    expect(grid([500], null, null, 100)).toMatchObject({ rate: '10', startSeconds: 0.5 });
    expect(grid([500], '1000/1', null, null).rate).toBe('25');
  });

  test('the last frame of a variable rate keeps its duration', () => {
    expect(grid([0, 33, 100, 133], null, null, 2000).endSeconds).toBeCloseTo(2.133, 6);
  });

  test('constant times are found constant from any start, for any rate up to 60', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 2, max: 400 }),
        fc.integer({ min: -90_000, max: 1_000_000 }),
        (rate, count, start) => {
          const ticks = ticksAt(count, rate, 90_000).map((tick) => tick + start);
          const timeBase = rational(1, 90_000);
          const told = { base: rational(rate, 1), average: null };
          const found = chooseGrid({ ticks, timeBase, lastDuration: null }, told);
          expect(found.constantRate).toBe(true);
          expect(found.endSeconds - found.startSeconds).toBeCloseTo(count / rate, 6);
        },
      ),
    );
  });
});
