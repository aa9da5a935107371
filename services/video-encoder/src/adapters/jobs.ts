import { JOB_SCHEMA_VERSION, Job, JobKind, queueSpec } from '@spillway/contracts';
import {
  type Consumer,
  consume,
  GiveBack,
  type Messaging,
  Permanent,
  type QueueNames,
} from '@spillway/messaging';
import type { Backoff, Logger } from '@spillway/runtime';
import * as z from 'zod';
import type { Answer, JobDoer } from '../app/worker.ts';

/** What every job of every version says of itself. */
const AnyJob = z.looseObject({ jobId: z.string(), kind: z.string() });
const knownKinds: ReadonlySet<string> = new Set(JobKind.options);

/** A worker that does such jobs is being rolled out, or is busy elsewhere. */
const UNKNOWN_KIND_DELAY_SECONDS = 30;

export interface JobLane {
  /** The most urgent first; their contracts differ in nothing else. */
  readonly queues: QueueNames;
  /** Jobs in hand at once. */
  readonly slots: number;
  readonly maxAttempts: number;
  readonly backoff: Backoff;
}

/** Gives the jobs of a lane to the worker, and its answers to the broker. */
export function consumeJobs(
  messaging: Messaging,
  worker: JobDoer,
  lane: JobLane,
  log: Logger,
): Consumer {
  const { queues, slots, maxAttempts, backoff } = lane;
  return consume(messaging, {
    queues,
    schema: AnyJob,
    newestVersion: JOB_SCHEMA_VERSION,
    concurrency: slots,
    leaseSeconds: queueSpec(queues[0]).leaseSeconds,
    maxAttempts,
    backoff,
    log,
    async handle(message, context) {
      const ageSeconds = (Date.now() - context.sentAt.getTime()) / 1000;
      translate(await worker.run(readJob(message), { ...context, ageSeconds }));
    },
  });
}

/** A kind of a newer version is given back, like a newer `schemaVersion` (law 9). */
function readJob(message: z.output<typeof AnyJob>): Job {
  if (!knownKinds.has(message.kind)) {
    throw new GiveBack(UNKNOWN_KIND_DELAY_SECONDS, `this worker does no ${message.kind}`);
  }
  const parsed = Job.safeParse(message);
  if (!parsed.success) throw new Permanent(z.prettifyError(parsed.error));
  return parsed.data;
}

function translate(answer: Answer): void {
  switch (answer.does) {
    case 'ack':
      return;
    case 'retry':
      throw answer.error;
    case 'bury':
      throw new Permanent(answer.reason);
    case 'give-back':
      throw new GiveBack(answer.delaySeconds, answer.reason);
  }
}
