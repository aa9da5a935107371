import {
  type AudioTarget,
  type Chunk,
  chunkAt,
  type EncodePlan,
  type Thumbnails,
  type VideoTarget,
} from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { poster, thumbnails } from '../settings.ts';

/** One stream that comes out of ffmpeg, to a work file or a pipe of its own. */
export type TaskOutput =
  | { kind: 'video'; target: VideoTarget }
  | { kind: 'audio'; target: AudioTarget }
  | { kind: 'thumbnails'; thumbnails: Thumbnails }
  /** A frame of the chunk. */
  | { kind: 'poster'; frame: number }
  /** Hashes of the first picture of the chunk and of the one behind its last. */
  | { kind: 'seam' };

/** What one ffmpeg process makes of a plan. */
export type EncodeTask = {
  chunk: Chunk;
  outputs: TaskOutput[];
  /** Decode only pictures that others need: faster, and enough to compare two decodes. */
  onlyReferences?: boolean;
};

const wholeChunk = (plan: EncodePlan): Chunk => chunkAt({ ...plan, chunkFrames: plan.frames }, 0);

export const endsSource = (plan: EncodePlan, { firstFrame, frames }: Chunk): boolean =>
  firstFrame + frames === plan.frames;

/** Early, yet past the black of most beginnings. */
export function posterFrame(plan: EncodePlan): number {
  const latest = poster.latestSeconds * toNumber(plan.frameRate);
  return Math.min(plan.frames - 1, Math.floor(Math.min(plan.frames * poster.atFraction, latest)));
}

function posterOutput(plan: EncodePlan, { firstFrame, frames }: Chunk): TaskOutput[] {
  const frame = posterFrame(plan) - firstFrame;
  return frame >= 0 && frame < frames ? [{ kind: 'poster', frame }] : [];
}

const evenAtLeast2 = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));

/** A picture a segment of the chunk; none of a video that has one segment only. */
function thumbnailsOutput(plan: EncodePlan, { frames }: Chunk): TaskOutput[] {
  const [best] = plan.video;
  if (!best || plan.frames <= plan.gopFrames) return [];
  const scale = Math.min(1, thumbnails.longSidePixels / Math.max(best.width, best.height));
  const count = Math.ceil(frames / plan.gopFrames);
  const columns = Math.min(thumbnails.mostColumns, count);
  const rows = Math.min(thumbnails.mostRows, Math.ceil(count / columns));
  const names = Array.from({ length: Math.ceil(count / (columns * rows)) }, (_, index) =>
    thumbnails.sheetName(index),
  );
  const described: Thumbnails = {
    width: evenAtLeast2(best.width * scale),
    height: evenAtLeast2(best.height * scale),
    ...{ columns, rows, sheets: names, count },
  };
  return [{ kind: 'thumbnails', thumbnails: described }];
}

const videoOutputs = (plan: EncodePlan): TaskOutput[] =>
  plan.video.map((target) => ({ kind: 'video', target }));

const audioOutputs = ({ audio }: EncodePlan): TaskOutput[] =>
  audio ? [{ kind: 'audio', target: audio }] : [];

/** Picture and sound of the whole source. */
export function wholeTask(plan: EncodePlan): EncodeTask {
  const chunk = wholeChunk(plan);
  const pictures = [...thumbnailsOutput(plan, chunk), ...posterOutput(plan, chunk)];
  return { chunk, outputs: [...videoOutputs(plan), ...audioOutputs(plan), ...pictures] };
}

/** A chunk of the picture; throws a RangeError for an index that the plan does not have. */
export function chunkTask(plan: EncodePlan, index: number): EncodeTask {
  const chunk = chunkAt(plan, index);
  const pictures = [...thumbnailsOutput(plan, chunk), ...posterOutput(plan, chunk)];
  return { chunk, outputs: [...videoOutputs(plan), { kind: 'seam' }, ...pictures] };
}

/** The sound of the whole source. */
export const soundTask = (plan: EncodePlan): EncodeTask => ({
  chunk: wholeChunk(plan),
  outputs: audioOutputs(plan),
});

/** What the thumbnails of a task are; null without any. */
export const thumbnailsOf = ({ outputs }: EncodeTask): Thumbnails | null =>
  outputs.find((output) => output.kind === 'thumbnails')?.thumbnails ?? null;
