import * as z from 'zod';

/** A CMAF segment as its boxes say; times are in the track's timescale. */
export const SegmentReport = z.object({
  bytes: z.int().nonnegative(),
  baseTime: z.int().nonnegative(),
  duration: z.int().nonnegative(),
  samples: z.int().nonnegative(),
  /** Composition offset of the first sample. */
  firstOffset: z.int(),
  /** Flagged as a sync sample and, for video, an IDR picture by its NAL units. */
  startsWithIdr: z.boolean(),
});
export type SegmentReport = z.infer<typeof SegmentReport>;

/** A run of one track's segments. */
export const TrackReport = z.object({
  /** SHA-256 of the init segment, hex. */
  initHash: z.string(),
  initBytes: z.int().positive(),
  timescale: z.int().positive(),
  /** RFC 6381. */
  codecs: z.string(),
  /** Media time at which presentation begins, by the edit list: reordering delay or priming. */
  editStart: z.int().nonnegative(),
  isVideo: z.boolean(),
  segments: z.array(SegmentReport),
});
export type TrackReport = z.infer<typeof TrackReport>;

/** Small pictures for scrubbing, one a segment, row by row on sheets of one size. */
export const Thumbnails = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  columns: z.int().positive(),
  rows: z.int().positive(),
  /** File names under the same prefix, in order; the last may be filled in part. */
  sheets: z.array(z.string()).min(1),
  /** Pictures in all. */
  count: z.int().positive(),
});
export type Thumbnails = z.infer<typeof Thumbnails>;

/** `report.json` beside the files of a chunk or of the sound: what `package` needs to know of them. */
export const EncodeReport = z.object({
  schemaVersion: z.literal(1),
  ffmpegBuild: z.string(),
  /** By folder: a rendition's name, or `audio`. */
  tracks: z.record(z.string(), TrackReport),
  /**
   * Hashes of decoded pictures: of the chunk's first, and of the one behind its last (null at the end of the
   * source). Where two chunks meet they are the same, or the cut is wrong. Null for sound.
   */
  seam: z.object({ first: z.string(), next: z.string().nullable() }).nullable(),
  thumbnails: Thumbnails.nullable(),
  /** Whether `poster.jpg` is here. */
  poster: z.boolean(),
});
export type EncodeReport = z.infer<typeof EncodeReport>;
