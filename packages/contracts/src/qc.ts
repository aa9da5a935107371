import * as z from 'zod';

/** The machine-readable evidence that an output is whole: `qc.json`. */
export const QcReport = z
  .object({
    schemaVersion: z.literal(1),
    passed: z.boolean(),
    /** What did not hold, one sentence each; empty when passed. */
    failures: z.array(z.string()),
    renditions: z.array(
      z.object({
        name: z.string(),
        framesPlanned: z.int().nonnegative(),
        framesFound: z.int().nonnegative(),
        segments: z.int().nonnegative(),
        /** Every segment starts with a sync sample. */
        segmentsStartWithIdr: z.boolean(),
        /** SHA-256 of the init segment. */
        initHash: z.string(),
        /** Places where a segment's tfdt is not the end of the one before. */
        dtsGaps: z.int().nonnegative(),
        durationSeconds: z.number().nonnegative(),
      }),
    ),
    audio: z
      .object({
        segments: z.int().nonnegative(),
        dtsGaps: z.int().nonnegative(),
        durationSeconds: z.number().nonnegative(),
        initHash: z.string(),
      })
      .nullable(),
    /** Missing in reports of an older program. */
    captions: z
      .array(z.object({ name: z.string(), language: z.string(), cues: z.int().nonnegative() }))
      .default([]),
    /** Where chunks meet; null for a source encoded whole. */
    seams: z
      .object({
        checked: z.int().nonnegative(),
        /** Indexes of the chunks that do not begin with the picture at which the one before ended. */
        broken: z.array(z.int().nonnegative()),
      })
      .nullable(),
    /** Audio minus video, null without audio. */
    audioVideoDifferenceSeconds: z.number().nullable(),
    frameSeconds: z.number().positive(),
  })
  .meta({ id: 'QcReport' });
export type QcReport = z.infer<typeof QcReport>;
