import * as z from 'zod';
import { CutCaptions } from './captions.ts';
import { SourceLimits } from './customer.ts';
import { OrderId } from './ids.ts';
import { Priority } from './order.ts';
import { Outputs, Speed } from './outputs.ts';
import { Rational, SourceMedia } from './source-media.ts';

/**
 * One message to the workers, one unit of work. An order is `ingest` (for a source that must be
 * fetched), then `prepare`, which either encodes a short source whole on the spot or plans N chunks;
 * then `encode-chunk` x N beside one continuous `encode-audio`, and `package`; and `deliver` where the
 * customer wants the files elsewhere as well.
 */
export const JobKind = z.enum([
  'ingest',
  'prepare',
  'encode-chunk',
  'encode-audio',
  'package',
  'deliver',
]);
export type JobKind = z.infer<typeof JobKind>;

/** Deterministic (law 2): the same work always has the same name, `<order>/<kind>/<index>`. */
export const jobId = (orderId: string, kind: JobKind, index = 0): string =>
  `${orderId}/${kind}/${index}`;

/**
 * Where ffmpeg reads the source: our object store; a customer's bucket, where it must still be what was
 * accepted; or, in standalone mode only, a local file.
 */
export const SourceRef = z.discriminatedUnion('from', [
  z.object({ from: z.literal('object'), key: z.string(), etag: z.string() }),
  z.object({ from: z.literal('s3'), url: z.string(), etag: z.string() }),
  z.object({ from: z.literal('file'), path: z.string() }),
]);
export type SourceRef = z.infer<typeof SourceRef>;

/** A rendition to be made: even sizes, bits a second. */
export const VideoTarget = z.object({
  name: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** Constant rate factor of x264; quality is constant up to the cap. */
  crf: z.number(),
  maxBitsPerSecond: z.int().positive(),
});
export type VideoTarget = z.infer<typeof VideoTarget>;

export const AudioTarget = z.object({
  /** Index of the chosen stream in the source, as ffmpeg counts all streams. */
  streamIndex: z.int().nonnegative(),
  channels: z.int().min(1).max(2),
  sampleRate: z.int().positive(),
  bitsPerSecond: z.int().positive(),
});
export type AudioTarget = z.infer<typeof AudioTarget>;

/** What `prepare` decided; every later job of the order works by it. */
export const EncodePlan = z.object({
  media: SourceMedia,
  frameRate: Rational,
  frames: z.int().positive(),
  /** Frames of a segment; every segment but the last has exactly this many. */
  gopFrames: z.int().positive(),
  /** Frames of a chunk: whole segments, except of the last; `frames` or more for a source encoded whole. */
  chunkFrames: z.int().positive(),
  /** A chunk's decoder begins so long before its first frame, so that what it depends on is there. */
  prerollSeconds: z.number().nonnegative(),
  video: z.array(VideoTarget).min(1),
  audio: AudioTarget.nullable(),
  speed: Speed.default('veryfast'),
  /** What one core is thought to take, before anything of the kind was measured. */
  coreSecondsPerFrame: z.number().positive(),
});
export type EncodePlan = z.infer<typeof EncodePlan>;

/** A run of whole segments: integer frames on the output GOP grid. */
export interface Chunk {
  readonly index: number;
  readonly firstFrame: number;
  readonly frames: number;
  /** Of its first segment within the output, from 0. */
  readonly firstSegment: number;
}

type Cut = Pick<EncodePlan, 'frames' | 'chunkFrames' | 'gopFrames'>;

export const chunkCount = ({ frames, chunkFrames }: Cut): number => Math.ceil(frames / chunkFrames);

/** Throws a RangeError for an index that the plan does not have. */
export function chunkAt(plan: Cut, index: number): Chunk {
  const firstFrame = index * plan.chunkFrames;
  if (index < 0 || firstFrame >= plan.frames)
    throw new RangeError(`The plan has no chunk ${index}.`);
  return {
    index,
    firstFrame,
    frames: Math.min(plan.chunkFrames, plan.frames - firstFrame),
    firstSegment: firstFrame / plan.gopFrames,
  };
}

/**
 * What this version sends. 2 came with outputs that are chosen, captions, limits and sources in buckets: a worker
 * of before would make less than was ordered, or fail at it.
 */
export const JOB_SCHEMA_VERSION = 2 as const;
/** A job's; its result says the same, because who could not have sent the one cannot go on from the other. */
export const JobSchemaVersion = z.literal([1, JOB_SCHEMA_VERSION]);

const jobFields = {
  /** Grows when an old worker could misread a new message; an unknown one is given back (law 9). */
  schemaVersion: JobSchemaVersion,
  jobId: z.string(),
  orderId: OrderId,
  customerId: z.string(),
  index: z.int().nonnegative(),
  /** How often its order was retried before; a result says it too, and one of an earlier run is too late. */
  run: z.int().nonnegative().default(0),
  priority: Priority,
  /** Work-seconds of one worker, where something is known: the autoscaler's fuel. */
  estimateSeconds: z.number().nonnegative().nullable(),
};

/** What `ingest` brings: the source (index 0), or the captions of number `index - 1`. */
export const IngestJob = z.object({
  ...jobFields,
  kind: z.literal('ingest'),
  /** https, http or s3; null for captions that were uploaded. */
  url: z.string().nullable(),
  /** An uploaded file. */
  uploaded: SourceRef.nullable().default(null),
  /** Of captions. */
  language: z.string().nullable().default(null),
  limits: SourceLimits.nullable().default(null),
});

export const PrepareJob = z.object({
  ...jobFields,
  kind: z.literal('prepare'),
  source: SourceRef,
  outputs: Outputs,
  limits: SourceLimits.nullable().default(null),
  /** Captions that were brought, as WebVTT, in the order of `outputs.captions`. */
  captions: z.array(z.object({ key: z.string() })).default([]),
  /** Never plan chunks: those of this order did not fit together. */
  whole: z.boolean().default(false),
});

const encodeFields = { ...jobFields, source: SourceRef, plan: EncodePlan };

/** Of the chunk `index` of the plan. */
export const EncodeChunkJob = z.object({ ...encodeFields, kind: z.literal('encode-chunk') });

export const EncodeAudioJob = z.object({ ...encodeFields, kind: z.literal('encode-audio') });

/** Objects of the attempts that won, named by their results. */
export const PackageJob = z.object({
  ...jobFields,
  kind: z.literal('package'),
  plan: EncodePlan,
  outputs: Outputs,
  captions: CutCaptions.nullable().default(null),
  chunkPrefixes: z.array(z.string()).min(1),
  audioPrefix: z.string().nullable(),
});

/** Copies a finished output so that its relative addresses hold. */
export const DeliverJob = z.object({
  ...jobFields,
  kind: z.literal('deliver'),
  /** `s3://bucket/folder/`. */
  destination: z.string(),
  /** Of the output; its files go to `playback/` there. */
  outputPrefix: z.string(),
  /** Of attempts whose files the output names; each goes to the folder of its own name. */
  partPrefixes: z.array(z.string()),
  /** Where it is not among the output's own files. */
  posterKey: z.string().nullable(),
});

export const Job = z.discriminatedUnion('kind', [
  IngestJob,
  PrepareJob,
  EncodeChunkJob,
  EncodeAudioJob,
  PackageJob,
  DeliverJob,
]);
export type Job = z.infer<typeof Job>;
export type IngestJob = z.infer<typeof IngestJob>;
export type PrepareJob = z.infer<typeof PrepareJob>;
export type EncodeChunkJob = z.infer<typeof EncodeChunkJob>;
export type EncodeAudioJob = z.infer<typeof EncodeAudioJob>;
export type PackageJob = z.infer<typeof PackageJob>;
export type DeliverJob = z.infer<typeof DeliverJob>;
