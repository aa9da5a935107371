import * as z from 'zod';
import { Failure } from './errors.ts';
import { JobKind } from './job.ts';

const Time = z.iso.datetime();

/** One try at a job, as far as its worker has told. */
const OrderJobAttempt = z.object({
  attemptId: z.string(),
  /** Host and process. */
  worker: z.string(),
  startedAt: Time,
  endedAt: Time.nullable(),
  /** `dropped`: nothing of it is used. */
  status: z.enum(['running', 'succeeded', 'failed', 'dropped']),
  cpuSeconds: z.number().nullable(),
  ffmpegBuild: z.string().nullable(),
  error: Failure.nullable(),
  exit: z.string().nullable().meta({
    description: 'How ffmpeg ended, by code or by signal; null for a failure of something else.',
    example: 'code 1',
  }),
  /** The last lines of ffmpeg, oldest first, at most 20. */
  log: z.array(z.string()),
});

/** A job of an order, for the engineer on call. */
export const OrderJob = z
  .object({
    kind: JobKind,
    index: z.int().nonnegative(),
    /** `dropped`: the order ended before the job did. */
    status: z.enum(['pending', 'running', 'succeeded', 'failed', 'dropped']),
    progress: z.number().min(0).max(1),
    estimateSeconds: z.number().nonnegative().nullable(),
    /** How often it was found in no queue and with no worker, and sent again. */
    timesLost: z.int().nonnegative(),
    sentAt: Time,
    /** When a worker last told of it. */
    heardAt: Time,
    endedAt: Time.nullable(),
    attempts: z.array(OrderJobAttempt),
  })
  .meta({ id: 'OrderJob' });
export type OrderJob = z.infer<typeof OrderJob>;

export const OrderJobs = z.object({ jobs: z.array(OrderJob) }).meta({ id: 'OrderJobs' });
export type OrderJobs = z.infer<typeof OrderJobs>;
