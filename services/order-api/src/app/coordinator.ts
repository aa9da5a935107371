import { JOB_RESULTS, JOB_SCHEMA_VERSION, JobResult, queueSpec } from '@spillway/contracts';
import { type Consumer, consume, type Messaging } from '@spillway/messaging';
import { inSpan, type Logger, type SpanOptions } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import { filesOf } from '../domain/judge-result.ts';
import type { Workflow } from './workflow.ts';

/** Results of many orders at once; those of one order sort themselves out by compare-and-set. */
const CONCURRENCY = 16;
/** A tenth of a second later, at most: a flood's results come by threes, with one flush of the database each. */
const GATHER_MS = 100;
const { leaseSeconds, maxDeliveries } = queueSpec(JOB_RESULTS);
/**
 * The database may be away for hours: a result must not be lost meanwhile. So there are tries for about
 * five hours, and as many as the broker makes deliveries: it would put the result aside before a
 * further one, without a reason.
 */
const RETRY = { maxAttempts: maxDeliveries, backoff: { firstSeconds: 0.5, maxSeconds: 120 } };

export interface CoordinatorParts {
  readonly messaging: Messaging;
  readonly storage: ObjectStore;
  readonly workflow: Workflow;
  readonly log: Logger;
  /** For metrics: an ended job, and whether its result was used. */
  readonly onResult: (result: JobResult, used: boolean) => void;
}

const spanOf = ({ orderId, jobId, status }: JobResult, parent: string): SpanOptions => ({
  parent,
  attributes: {
    'spillway.order.id': orderId,
    'spillway.job.id': jobId,
    'spillway.result.status': status,
  },
});

/** Turns the workers' results into the next jobs (law 5: no worker waits for another). */
export function startCoordinator(parts: CoordinatorParts): Consumer {
  const { messaging, storage, workflow, log, onResult } = parts;
  return consume(messaging, {
    queues: [JOB_RESULTS],
    schema: JobResult,
    newestVersion: JOB_SCHEMA_VERSION,
    concurrency: CONCURRENCY,
    gatherMs: GATHER_MS,
    leaseSeconds,
    ...RETRY,
    log,
    async handle(result, { traceparent, log: messageLog }) {
      const { orderId, jobId, attemptId } = result;
      const bound = messageLog.child({ orderId, jobId, attemptId });
      const input = { type: 'result', result } as const;
      const step = await inSpan('apply result', spanOf(result, traceparent), (span) =>
        workflow.apply(orderId, input, { traceparent: span.traceparent }, bound),
      );
      const files = filesOf(result);
      const isRemoved = files !== null && step?.garbage.includes(files) === true;
      onResult(result, step !== null && step.ignored === null && !isRemoved);
      if (step) return;
      bound.info('result of an order that is gone');
      if (result.status === 'succeeded' && files) await storage.deletePrefix(files);
    },
  });
}
