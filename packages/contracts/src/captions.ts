import * as z from 'zod';

/** A larger file of captions is refused. */
export const CAPTIONS_MAX_BYTES = 10_000_000;

/** Captions of an output. Their files lie in a folder of their name, see `captionsFiles`. */
export const CaptionsTrack = z.object({
  name: z.string(),
  /** BCP 47. */
  language: z.string(),
  label: z.string(),
  default: z.boolean(),
  cues: z.int().nonnegative(),
  /** Of all cues in one file. */
  bytes: z.int().nonnegative(),
});
export type CaptionsTrack = z.infer<typeof CaptionsTrack>;

/** The captions of an order, cut like its picture, below the prefix of the attempt that did it. */
export const CutCaptions = z.object({ prefix: z.string(), tracks: z.array(CaptionsTrack) });
export type CutCaptions = z.infer<typeof CutCaptions>;
