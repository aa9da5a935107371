import type { Outputs, Rational, RenditionRequest, VideoTarget } from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { ladder, video } from '../settings.ts';

const evenAtMost = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);
const evenNearest = (pixels: number): number => Math.max(2, Math.round(pixels / 2) * 2);

/** A picture as shown: rotated, with square pixels. */
type Picture = { width: number; height: number };

const linesOf = ({ width, height }: Picture): number => evenAtMost(Math.min(width, height));

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

const isReached =
  (lines: number) =>
  (rendition: RenditionRequest): boolean =>
    rendition.lines <= lines;

/** Best first; never upscaled: of a source below all of them, the lowest is made at the source's size. */
function chosen(lines: number, asked: readonly RenditionRequest[]): RenditionRequest[] {
  const sorted = asked.toSorted((a, b) => b.lines - a.lines);
  const reached = sorted.filter(isReached(lines));
  return reached.length > 0 ? reached : sorted.slice(-1).map((lowest) => ({ ...lowest, lines }));
}

/**
 * Renditions of a picture, best first: those that were asked for, or the rungs that fit (null). What an
 * order leaves open follows the size and the frame rate.
 */
export function planLadder(
  picture: Picture,
  frameRate: Rational,
  asked: Outputs['renditions'],
): VideoTarget[] {
  const own = linesOf(picture);
  const short = Math.min(picture.width, picture.height);
  const long = Math.max(picture.width, picture.height);
  const renditions = asked ? chosen(own, asked) : rungs(own).map((lines) => ({ lines }));
  return renditions.map(({ lines, crf, maxBitsPerSecond: cap }: RenditionRequest) => {
    const longSide = lines === own ? evenAtMost(long) : evenNearest((long * lines) / short);
    const { width, height } =
      picture.width >= picture.height
        ? { width: longSide, height: lines }
        : { width: lines, height: longSide };
    return {
      name: `${lines}p`,
      ...{ width, height },
      crf: crf ?? video.crf,
      maxBitsPerSecond: cap ?? maxBitsPerSecond(width, height, toNumber(frameRate)),
    };
  });
}

/** What was asked for and is larger than the source, in a sentence for whom it was asked by; or nothing. */
export function ladderWarnings(picture: Picture, asked: Outputs['renditions']): string[] {
  const own = linesOf(picture);
  const isMade = isReached(own);
  const left = (asked ?? []).filter((rendition) => !isMade(rendition));
  if (left.length === 0) return [];
  const lines = left.map((rendition) => rendition.lines).toSorted((a, b) => b - a);
  const instead = left.length === asked?.length ? ', and is encoded at its own size' : '';
  return [`Left out: renditions of ${lines.join(', ')} lines; the source has ${own}${instead}.`];
}
