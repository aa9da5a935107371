import {
  attemptPrefix,
  type CaptionsRequest,
  type EncodePlan,
  type FailureCode,
  isRetryable,
  type Job,
  type JobResult,
  jobId,
  newAttemptId,
  newOrderId,
  type Outcome,
  type Output,
  Outputs,
  type PrepareJob,
} from '@spillway/contracts';
import { samplePlan } from '@spillway/contracts/testing';
import { streamAddresses } from '../app/addresses.ts';
import { playbackTokens } from '../app/playback-tokens.ts';
import type { OrderRequest } from '../domain/order.ts';
import { accept, type Step } from '../domain/reduce.ts';

export const AT = '2026-11-23T05:00:00.000Z';
/** For an order that was accepted at `AT`. */
export const TIMEOUT = { type: 'timeout', begunBefore: '2026-11-24T05:00:00.000Z' } as const;
export const PUBLIC_URL = 'http://127.0.0.1:8080';
export const addressesOf = streamAddresses({
  publicUrl: PUBLIC_URL,
  tokens: playbackTokens('a secret of 32 characters or more'),
  tokenSeconds: 6 * 3600,
});

export const orderRequest = (overrides: Partial<OrderRequest> = {}): OrderRequest => ({
  source: { url: 'https://media.example.com/holiday.mp4' },
  uploads: {},
  outputs: Outputs.parse({}),
  limits: null,
  priority: 'normal',
  playback: 'public',
  metadata: { album: '7' },
  webhook: null,
  ...overrides,
});

export const acceptOrder = (overrides: Partial<OrderRequest> = {}, id = newOrderId()): Step =>
  accept({ id, customerId: 'default', request: orderRequest(overrides) }, AT, addressesOf);

export const planOfChunks = (chunks: number, audio = true): EncodePlan =>
  samplePlan({
    frames: chunks * 96,
    chunkFrames: 96,
    audio: audio
      ? { streamIndex: 1, channels: 2, sampleRate: 48_000, bitsPerSecond: 128_000 }
      : null,
  });

export const outputAt = (prefix: string): Output => ({
  prefix,
  durationSeconds: 4,
  renditions: [
    {
      name: '240p',
      width: 426,
      height: 240,
      frameRate: '24/1',
      codecs: 'avc1.64001e',
      peakBitsPerSecond: 500_000,
      averageBitsPerSecond: 400_000,
      frames: 96,
      segments: 1,
      bytes: 200_000,
    },
  ],
});

/** Captions of an order, by address. */
export const captionsIn = (...languages: string[]): CaptionsRequest[] =>
  languages.map((language) => ({
    url: `https://media.example.com/${language}.srt`,
    language,
    label: language,
    default: false,
  }));

const cutCaptions = ({ outputs, captions }: PrepareJob, prefix: string) => {
  const tracks = captions.flatMap((_, index) => {
    const { language = 'en', label = language } = outputs.captions[index] ?? {};
    const name = `captions-${index + 1}-${language}`;
    return { name, language, label, default: false, cues: 3, bytes: 100 };
  });
  return tracks.length > 0 ? { captions: { prefix, tracks } } : {};
};

/** What a worker would make of a job, its files under its attempt's prefix. */
export function outcomeOfJob(job: Job, attemptId: string, plan: EncodePlan | null): Outcome {
  const prefix = attemptPrefix(job.orderId, job.kind, job.index, attemptId);
  switch (job.kind) {
    case 'ingest':
      if (job.index > 0) return { kind: 'captions', key: `${prefix}captions.vtt`, cues: 3 };
      return {
        kind: 'ingest',
        source: { from: 'object', key: `${prefix}source`, etag: 'e1' },
        bytes: 1,
      };
    case 'prepare':
      return plan && !job.whole
        ? { kind: 'plan', plan, warnings: [], ...cutCaptions(job, prefix) }
        : { kind: 'prepare', output: outputAt(prefix), warnings: [] };
    case 'package':
      return { kind: 'package', output: outputAt(prefix), warnings: [] };
    case 'deliver':
      return {
        kind: 'deliver',
        delivery: { url: `${job.destination}playback/`, files: 1, bytes: 1 },
      };
    case 'encode-chunk':
      return { kind: job.kind, prefix, codecs: { '240p': 'avc1.64001e' }, warnings: [] };
    case 'encode-audio':
      return { kind: job.kind, prefix, segments: 1000, warnings: [] };
  }
}

const fieldsOf = (job: Job, attemptId: string) => ({
  schemaVersion: 1 as const,
  jobId: jobId(job.orderId, job.kind, job.index),
  orderId: job.orderId,
  kind: job.kind,
  index: job.index,
  run: job.run,
  attemptId,
  worker: 'host/1',
  startedAt: AT,
});

export function succeeded(
  job: Job,
  {
    attemptId = newAttemptId(),
    plan = null,
    build = 'ffmpeg version 5.1.9',
  }: { attemptId?: string; plan?: EncodePlan | null; build?: string | null } = {},
): Extract<JobResult, { status: 'succeeded' }> {
  return {
    ...fieldsOf(job, attemptId),
    status: 'succeeded',
    endedAt: AT,
    cpuSeconds: 1.5,
    ffmpegBuild: build,
    outcome: outcomeOfJob(job, attemptId, plan),
  };
}

export const failed = (
  job: Job,
  code: FailureCode = 'source_not_media',
  attemptId = newAttemptId(),
): JobResult => ({
  ...fieldsOf(job, attemptId),
  status: 'failed',
  endedAt: AT,
  cpuSeconds: 0.1,
  ffmpegBuild: null,
  error: { code, message: 'It is a text file.', retryable: isRetryable(code) },
  exit: 'code 1',
  log: ['Invalid data found'],
});

/** The chunks of the order do not meet. */
export const unfit = (job: Job): JobResult => ({
  ...succeeded(job),
  outcome: { kind: 'unfit', reason: 'Chunk 1 begins elsewhere.', warnings: [] },
});

export const progressed = (
  job: Job,
  progress: number,
  attemptId = newAttemptId(),
  segments: number | null = null,
): JobResult => ({ ...fieldsOf(job, attemptId), status: 'progress', progress, segments });
