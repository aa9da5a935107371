import type { Rational } from '@spillway/contracts';
import { rational, toNumber } from '../rational.ts';
import { video } from '../settings.ts';

/** Presentation times of a video's frames, ascending, in ticks. */
export type FrameTimes = {
  ticks: readonly number[];
  timeBase: Rational;
  /** Of the last frame; null when the container does not say. */
  lastDuration: number | null;
};

export type Grid = {
  frameRate: Rational;
  constantRate: boolean;
  startSeconds: number;
  endSeconds: number;
};

/** Rates that a variable one is brought to. */
const standardRates = [
  rational(24000, 1001),
  rational(24, 1),
  rational(25, 1),
  rational(30000, 1001),
  rational(30, 1),
  rational(48, 1),
  rational(50, 1),
  rational(60000, 1001),
  rational(60, 1),
];

/** What a container says of its rate; each may be missing or wrong. */
export type ToldRates = {
  /** The lowest rate that all frames seem to fit, `r_frame_rate`. */
  base: Rational | null;
  average: Rational | null;
};

/** Frames may stray this far from the grid, in frames, before rounding could swap or drop one. */
const maxStray = 0.3;

function isOnGrid({ ticks, timeBase }: FrameTimes, frameRate: Rational): boolean {
  const first = ticks[0] ?? 0;
  const framesPerTick = toNumber(timeBase) * toNumber(frameRate);
  return ticks.every((tick, index) => Math.abs((tick - first) * framesPerTick - index) <= maxStray);
}

/** A rate above the highest is divided by the smallest whole number that brings it under. */
function reduced(frameRate: Rational): Rational {
  const divisor = Math.ceil(toNumber(frameRate) / video.highestFramesPerSecond - 1e-9);
  if (divisor <= 1) return frameRate;
  return rational(frameRate.numerator, frameRate.denominator * divisor);
}

const standardNear = (value: number, tolerance: number): Rational | undefined =>
  standardRates.find((standard) => Math.abs(value / toNumber(standard) - 1) <= tolerance);

/** A rate as told, behind the standard one that is meant where it was written in milliseconds. */
const readings = (rate: Rational | null): Rational[] => {
  if (!rate) return [];
  const meant = standardNear(toNumber(rate), 0.0002);
  return meant ? [meant, rate] : [rate];
};

/** Whole, half, or NTSC's: a rate that somebody chose, not the average of what was measured. */
const isChosen = (rate: Rational): boolean => [1, 2, 1001].includes(rate.denominator);

/** For frames at no constant rate: not below their average, and not far above what they reach. */
function variableGrid(measured: number, { base }: ToldRates): Rational {
  const least = measured * 0.98;
  const most = Math.min(2 * measured, video.highestFramesPerSecond);
  if (base && isChosen(base) && toNumber(base) >= least && toNumber(base) <= most) return base;
  const standard = standardRates.find((rate) => toNumber(rate) >= least);
  return standardNear(measured, 0.005) ?? standard ?? rational(video.highestFramesPerSecond, 1);
}

/** A single frame has no rate but its duration, where that makes one. */
function rateOfOne({ lastDuration, timeBase }: FrameTimes): Rational {
  const rate = rational(timeBase.denominator, timeBase.numerator * (lastDuration || 1));
  const value = toNumber(rate);
  return value >= 1 && value <= video.highestFramesPerSecond ? rate : rational(25, 1);
}

/**
 * The output's grid. A source is of a constant rate when every frame lies on the grid of a rate that
 * its container tells; then its frames are counted, never estimated.
 */
export function chooseGrid(times: FrameTimes, told: ToldRates): Grid {
  const { ticks, timeBase, lastDuration } = times;
  const second = toNumber(timeBase);
  const first = ticks[0] ?? 0;
  const last = ticks.at(-1) ?? first;
  const startSeconds = first * second;
  const constant =
    ticks.length === 1
      ? rateOfOne(times)
      : [...readings(told.base), ...readings(told.average)].find((rate) => isOnGrid(times, rate));
  if (constant) {
    const frameRate = reduced(constant);
    const endSeconds = startSeconds + ticks.length / toNumber(constant);
    return { frameRate, constantRate: frameRate === constant, startSeconds, endSeconds };
  }
  const elapsed = (last - first) * second;
  const frameRate = variableGrid((ticks.length - 1) / elapsed, told);
  const lastSeconds = lastDuration ? lastDuration * second : 1 / toNumber(frameRate);
  return { frameRate, constantRate: false, startSeconds, endSeconds: last * second + lastSeconds };
}
