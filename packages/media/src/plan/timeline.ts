import type { SourceMedia } from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { audio as audioSettings } from '../settings.ts';

/** How the source's clock becomes the output's, which begins at 0 for picture and sound alike. */
export type Timeline = {
  /** The source's time that becomes 0. */
  originSeconds: number;
  /** The first picture is repeated this often when the sound begins before it. */
  leadFrames: number;
  /** Pictures from the source on the output's grid. */
  sourceFrames: number;
  /** The last picture is repeated this often while the sound goes on. */
  tailFrames: number;
  frames: number;
};

/**
 * Nothing that can be heard is lost at either end: sound before the first picture and after the last
 * is kept, with that picture held. The lead is whole frames, so every picture of a constant-rate source stays
 * exactly on the grid, and the sound moves with it: the offset between the two is kept exactly.
 */
export function planTimeline({ video, audio }: SourceMedia): Timeline {
  const framesPerSecond = toNumber(video.frameRate);
  const lead = video.startSeconds - (audio?.startSeconds ?? video.startSeconds);
  const leadFrames =
    lead > audioSettings.longestCutBeforeSeconds ? Math.round(lead * framesPerSecond) : 0;
  const originSeconds = video.startSeconds - leadFrames / framesPerSecond;
  const shown = (video.endSeconds - video.startSeconds) * framesPerSecond;
  const sourceFrames = video.constantRate ? video.frames : Math.max(1, Math.round(shown));
  const pictureEnd = originSeconds + (leadFrames + sourceFrames) / framesPerSecond;
  const overhang = (audio?.endSeconds ?? pictureEnd) - pictureEnd;
  const tailFrames =
    overhang > audioSettings.longestCutAfterSeconds ? Math.round(overhang * framesPerSecond) : 0;
  const frames = leadFrames + sourceFrames + tailFrames;
  return { originSeconds, leadFrames, sourceFrames, tailFrames, frames };
}
