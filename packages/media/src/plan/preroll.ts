import type { SourceMedia } from '@spillway/contracts';

/** Containers without an index: a seek lands anywhere, and decoding begins at the next key frame. */
export const isWithoutIndex = ({ container }: SourceMedia): boolean =>
  ['mpegts', 'mpeg'].includes(container);

/** So long behind the key frame that decoding begins with, pictures are right. */
const reorderSeconds = 1;

/** Seconds in which there is a key frame for sure, and the pictures behind it are right. */
export const prerollOverGop = ({ video }: SourceMedia): number =>
  (video.keyFrames?.mostSecondsApart ?? 0) + reorderSeconds;

/** Whether pictures from a key frame on depend on nothing before it, as the index says. */
export const needsNothingBefore = (media: SourceMedia): boolean =>
  !isWithoutIndex(media) && media.video.keyFrames?.open === false && !media.video.interlaced;

/** How much earlier than its first picture a chunk's decoder must begin, in seconds. */
export function planPreroll(media: SourceMedia): number {
  if (isWithoutIndex(media)) return prerollOverGop(media);
  return needsNothingBefore(media) ? 0 : reorderSeconds;
}
