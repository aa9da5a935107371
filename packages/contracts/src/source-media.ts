import * as z from 'zod';

/** A fraction: 24000/1001 is never a decimal. */
export const Rational = z.object({ numerator: z.int(), denominator: z.int().positive() });
export type Rational = z.infer<typeof Rational>;

/** Matrix, primaries and transfer in ffmpeg's names. */
export const Colour = z.object({ matrix: z.string(), primaries: z.string(), transfer: z.string() });
export type Colour = z.infer<typeof Colour>;

export const SourceVideo = z.object({
  /** As ffmpeg counts all streams. */
  streamIndex: z.int().nonnegative(),
  codec: z.string(),
  /** As shown: after rotation and with square pixels. */
  width: z.int().positive(),
  height: z.int().positive(),
  pixelFormat: z.string(),
  fullRange: z.boolean(),
  colour: Colour,
  isHdr: z.boolean(),
  interlaced: z.boolean(),
  /** Of the output grid: the source's own rate, or the one that a variable rate is brought to. */
  frameRate: Rational,
  /** False for a variable or reduced rate: then `frames` and the output's count differ. */
  constantRate: z.boolean(),
  /** Frames that the file holds, counted in its index or packet by packet; never estimated. */
  frames: z.int().nonnegative(),
  /** Where its pictures begin and end on the source's own clock. */
  startSeconds: z.number(),
  endSeconds: z.number(),
  /** Null when the source has only one. */
  keyFrames: z
    .object({
      mostSecondsApart: z.number().positive(),
      /** Open GOPs: pictures shown before a key frame may need ones before it. */
      open: z.boolean(),
    })
    .nullable()
    .default(null),
});
export type SourceVideo = z.infer<typeof SourceVideo>;

export const SourceAudio = z.object({
  streamIndex: z.int().nonnegative(),
  codec: z.string(),
  channels: z.int().nonnegative(),
  sampleRate: z.int().nonnegative(),
  startSeconds: z.number(),
  /** Null where only a decode could tell. */
  endSeconds: z.number().nullable(),
  /** ISO 639-2, null when the source does not say. */
  language: z.string().nullable(),
});
export type SourceAudio = z.infer<typeof SourceAudio>;

/** What was learned of a source: all that encoding it needs, so that it is inspected once. */
export const SourceMedia = z.object({
  container: z.string(),
  durationSeconds: z.number(),
  video: SourceVideo,
  audio: SourceAudio.nullable(),
  /** The caller accepted that media data may be missing (`outputs.allowPartial`). */
  allowPartial: z.boolean(),
  warnings: z.array(z.string()),
});
export type SourceMedia = z.infer<typeof SourceMedia>;
