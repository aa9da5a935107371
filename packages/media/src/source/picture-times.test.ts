import { describe, expect, test } from '@jest/globals';
import { PictureTimes, withoutSecondFields } from './picture-times.ts';

const timesOf = (packets: [pts: number | null, dts: number][]): PictureTimes => {
  const times = new PictureTimes();
  for (const [pts, dts] of packets) times.add(pts, dts, 10);
  return times;
};

describe('times of pictures', () => {
  test('are those at which they are shown, in that order', () => {
    const times = timesOf([
      [20, 0],
      [50, 10],
      [30, 20],
      [40, 30],
    ]);
    expect(times.ticks()).toEqual([20, 30, 40, 50]);
  });

  test('follow from decoding, where not every picture tells when it is shown', () => {
    // The second is shown at 50, which its packet does not say.
    const times = timesOf([
      [20, 0],
      [null, 10],
      [30, 20],
      [40, 30],
    ]);
    expect(times.ticks()).toEqual([20, 30, 40, 50]);
  });

  test('without any presentation times are those of decoding', () => {
    const times = timesOf([
      [null, 0],
      [null, 10],
    ]);
    expect(times.ticks()).toEqual([0, 10]);
  });
});

describe('second fields', () => {
  const ticks = (perSecond: number, count: number) =>
    Array.from({ length: count }, (_, index) => Math.round((index * 90_000) / perSecond));

  test.each([50, 60_000 / 1001])('at %d a second are every other', (rate) => {
    expect(withoutSecondFields(ticks(rate, 100), 1 / 90_000)).toHaveLength(50);
  });

  test('are not found among pictures', () => {
    expect(withoutSecondFields(ticks(30, 100), 1 / 90_000)).toHaveLength(100);
  });

  test('are left out where some pictures come whole', () => {
    const mixed = [0, 3600, 5400, 7200, 10_800, 12_600];
    expect(withoutSecondFields(mixed, 1 / 90_000)).toEqual([0, 3600, 7200, 10_800]);
  });
});
