import type { Rational, VideoTarget } from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { ladder, video } from '../settings.ts';

const evenAtMost = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);
const evenNearest = (pixels: number): number => Math.max(2, Math.round(pixels / 2) * 2);

/**
 * Lines of each rung, best first: the standard rungs that the source reaches, never upscaled. A
 * source between rungs keeps its own size when it is clearly larger than the next rung, and then
 * rungs close below it are left out; one below the lowest rung has its own size only.
 */
function rungs(lines: number): number[] {
  const reached = ladder.rungLines.filter((rung) => rung <= lines);
  const next = reached[0];
  const isAboveLadder = lines > (ladder.rungLines[0] ?? 0);
  if (next && (isAboveLadder || lines < next * ladder.ownRungFactor)) return reached;
  return [lines, ...reached.filter((rung) => rung * ladder.rungDistanceFactor <= lines)];
}

/** The cap of a rendition: grows slower than its pixels, and with the root of its frame rate. */
export function maxBitsPerSecond(width: number, height: number, framesPerSecond: number): number {
  const pixels = ((width * height) / (1920 * 1080)) ** video.bitsPerPixelExponent;
  const rate = Math.sqrt(Math.max(1, framesPerSecond / 30));
  return Math.max(64_000, Math.round((video.fullHdBitsPerSecond * pixels * rate) / 1000) * 1000);
}

/** Renditions of a picture of this size as shown (rotated, square pixels), best first. */
export function planLadder(width: number, height: number, frameRate: Rational): VideoTarget[] {
  const shortSide = Math.min(width, height);
  return rungs(evenAtMost(shortSide)).map((lines) => {
    const isOwnSize = lines === evenAtMost(shortSide);
    const long = Math.max(width, height);
    const longSide = isOwnSize ? evenAtMost(long) : evenNearest((long * lines) / shortSide);
    const size =
      width >= height ? { width: longSide, height: lines } : { width: lines, height: longSide };
    return {
      name: `${lines}p`,
      ...size,
      crf: video.crf,
      maxBitsPerSecond: maxBitsPerSecond(size.width, size.height, toNumber(frameRate)),
    };
  });
}
