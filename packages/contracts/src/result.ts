import * as z from 'zod';
import { CutCaptions } from './captions.ts';
import { Failure } from './errors.ts';
import { OrderId } from './ids.ts';
import { EncodePlan, JobKind, JobSchemaVersion, SourceRef } from './job.ts';
import { Delivery, Rendition } from './order.ts';

/** A whole playable output: everything under `prefix`, in the object store. */
export const Output = z.object({
  /** Holds master.m3u8, manifest.mpd, poster.jpg, qc.json and the segments. */
  prefix: z.string(),
  durationSeconds: z.number().positive(),
  renditions: z.array(Rendition).min(1),
});
export type Output = z.infer<typeof Output>;

const Warnings = z.array(z.string());

export const Outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ingest'), source: SourceRef, bytes: z.int().nonnegative() }),
  /** Of `ingest` too: what was brought are captions, and they are WebVTT now. */
  z.object({ kind: z.literal('captions'), key: z.string(), cues: z.int().positive() }),
  /** Exactly one of the two: a short source was encoded whole, or a long one was planned. */
  z.object({ kind: z.literal('prepare'), output: Output, warnings: Warnings }),
  z.object({
    kind: z.literal('plan'),
    plan: EncodePlan,
    /** Of an order that has some. */
    captions: CutCaptions.optional(),
    warnings: Warnings,
  }),
  z.object({
    kind: z.literal('encode-chunk'),
    prefix: z.string(),
    /** RFC 6381, by rendition. */
    codecs: z.record(z.string(), z.string()),
    warnings: Warnings,
  }),
  z.object({
    kind: z.literal('encode-audio'),
    prefix: z.string(),
    segments: z.int().positive(),
    warnings: Warnings,
  }),
  z.object({ kind: z.literal('package'), output: Output, warnings: Warnings }),
  /** Of `package`: the chunks do not meet, so the source is encoded whole. */
  z.object({ kind: z.literal('unfit'), reason: z.string(), warnings: Warnings }),
  z.object({ kind: z.literal('deliver'), delivery: Delivery }),
]);
export type Outcome = z.infer<typeof Outcome>;

const resultFields = {
  /** Of its job. */
  schemaVersion: JobSchemaVersion,
  jobId: z.string(),
  orderId: OrderId,
  kind: JobKind,
  index: z.int().nonnegative(),
  /** Of its job. */
  run: z.int().nonnegative().default(0),
  attemptId: z.string(),
  /** Host and process of the worker, for the engineer on call. */
  worker: z.string(),
  /** When the attempt began, RFC 3339. */
  startedAt: z.iso.datetime(),
};

const endFields = {
  endedAt: z.iso.datetime(),
  /** User and system time of the ffmpeg processes of the attempt. */
  cpuSeconds: z.number().nonnegative(),
  /** First line of `ffmpeg -version`; null for a job without ffmpeg. */
  ffmpegBuild: z.string().nullable(),
};

/** What a worker says of a job on the queue `job-results`. */
export const JobResult = z.discriminatedUnion('status', [
  /** Still at work; not sent for a job that ends within its first seconds. */
  z.object({
    ...resultFields,
    status: z.literal('progress'),
    progress: z.number().min(0).max(1),
    /**
     * Of `encode-audio`: so many segments from the first are in the object store; null of other kinds.
     * Playlists name them, so they stay when the attempt ends: what is not used goes with the order's end.
     */
    segments: z.int().nonnegative().nullable().default(null),
  }),
  z.object({ ...resultFields, ...endFields, status: z.literal('succeeded'), outcome: Outcome }),
  /** The attempt that ended the job: permanent, or the last of its retry budget. */
  z.object({
    ...resultFields,
    ...endFields,
    status: z.literal('failed'),
    error: Failure,
    /** The last lines of ffmpeg, oldest first, at most 20. */
    log: z.array(z.string()).max(20),
    /** How ffmpeg ended, `code 1` or `signal SIGKILL`; null for a failure of something else. */
    exit: z.string().nullable().default(null),
  }),
]);
export type JobResult = z.infer<typeof JobResult>;
