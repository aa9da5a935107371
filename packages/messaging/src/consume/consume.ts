import { type Logger, type Span, startSpan, traceIdOf } from '@spillway/runtime';
import type * as z from 'zod';
import { TRACEPARENT } from '../message.ts';
import type { Delivery, Messaging, QueueNames } from '../port.ts';
import { holdingLease } from './lease.ts';
import {
  type Answer,
  afterError,
  deadLettered,
  done,
  givenBack,
  type Outcome,
  type RetryPolicy,
  tooNew,
} from './outcome.ts';
import { readMessage } from './read.ts';

export interface HandlingContext {
  /** Aborted when the grace of a stop is over: throw soon, and the message is given back at once. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  /** Should this attempt fail, there is no other. */
  readonly lastAttempt: boolean;
  /** When the message was first sent. */
  readonly sentAt: Date;
  /** For the messages that the handling sends, see `jsonMessage`. */
  readonly traceparent: string;
  /** Knows the queue, the message and its trace. */
  readonly log: Logger;
}

/** For metrics. */
export interface Handled {
  readonly outcome: Outcome;
  /** Of the handling, without the answer to the broker. */
  readonly seconds: number;
}

export interface ConsumeOptions<S extends z.ZodType> extends RetryPolicy {
  /** The most urgent first; see `Messaging.subscribe`. */
  readonly queues: QueueNames;
  readonly schema: S;
  /** The newest `schemaVersion` that the schema reads; a message of a newer one is given back. Default 1. */
  readonly newestVersion?: number;
  readonly concurrency: number;
  /** See `SubscribeOptions`. */
  readonly gatherMs?: number;
  /** As the queues' specs say; renewed at a third of it while the handler works. */
  readonly leaseSeconds: number;
  readonly log: Logger;
  /**
   * Resolves: done. Throws `Permanent`: dead letter. Throws `GiveBack`: later, without counting.
   * Throws `RetryAfter` or anything else: tried again, `maxAttempts` times in all, then dead letter.
   */
  handle(message: z.output<S>, context: HandlingContext): Promise<void>;
  onEnd?(handled: Handled): void;
}

export interface Consumer {
  /**
   * Takes no more at once, waits `graceSeconds` for those in hand, then aborts their signal.
   * Resolves when all have been answered.
   */
  stop(options: { graceSeconds: number }): Promise<void>;
}

/** Consumes queues: reads, keeps the lease, and answers by what the handler did. */
export function consume<S extends z.ZodType>(
  messaging: Messaging,
  options: ConsumeOptions<S>,
): Consumer {
  const hurry = new AbortController();
  const { queues, concurrency, gatherMs } = options;
  const subscription = messaging.subscribe(queues, { concurrency, gatherMs }, (delivery) =>
    answerDelivery(delivery, options, hurry.signal),
  );
  return {
    stop: async ({ graceSeconds }) => {
      const timer = setTimeout(() => hurry.abort(new Error('stopping')), graceSeconds * 1000);
      await subscription.stop();
      clearTimeout(timer);
    },
  };
}

async function answerDelivery<S extends z.ZodType>(
  delivery: Delivery,
  options: ConsumeOptions<S>,
  signal: AbortSignal,
): Promise<void> {
  const span = spanOf(delivery);
  const { traceparent } = span;
  const log = options.log.child({
    queue: delivery.queue,
    messageId: delivery.id,
    traceId: traceIdOf(traceparent),
  });
  const context: HandlingContext = {
    signal,
    log,
    traceparent,
    attempt: delivery.attempt,
    lastAttempt: delivery.attempt >= options.maxAttempts,
    sentAt: delivery.sentAt,
  };
  const startedAt = performance.now();
  const answer = await holdingLease(delivery, options.leaseSeconds, log, () =>
    attempt(delivery, options, context),
  );
  span.set({ 'spillway.outcome': answer.outcome });
  span.end(answer.outcome === 'given_back' ? null : answer.reason);
  options.onEnd?.({ outcome: answer.outcome, seconds: (performance.now() - startedAt) / 1000 });
  try {
    await answer.give(delivery);
  } catch (err) {
    // Nothing is lost: the lease ends and the message is delivered again.
    log.error({ err, outcome: answer.outcome }, 'the broker did not take the answer');
  }
}

/** Of the handling, with how long the message had to wait for it; that of an earlier try counts as waiting. */
const spanOf = ({ id, queue, attributes, attempt, sentAt }: Delivery): Span =>
  startSpan(`process ${queue}`, {
    kind: 'consumer',
    parent: attributes[TRACEPARENT],
    attributes: {
      'messaging.operation.type': 'process',
      'messaging.destination.name': queue,
      'messaging.message.id': id,
      'spillway.delivery.attempt': attempt,
      'spillway.queue.wait_seconds': Math.max(0, (Date.now() - sentAt.getTime()) / 1000),
    },
  });

/** A message given back is everyday, by thousands in a flood; one that is lost to the customer wants somebody's eyes. */
const levelOf = {
  done: 'debug',
  given_back: 'debug',
  retried: 'warn',
  dead_lettered: 'error',
} as const;

/** One try, and what it means for the message; never throws. */
async function attempt<S extends z.ZodType>(
  { body, attempt }: Delivery,
  options: ConsumeOptions<S>,
  context: HandlingContext,
): Promise<Answer> {
  const reading = readMessage(body, options.schema, options.newestVersion ?? 1);
  if (reading.kind !== 'message') {
    const answer = reading.kind === 'newer' ? tooNew(attempt) : deadLettered(reading.reason);
    context.log.error({ outcome: answer.outcome }, answer.reason ?? '');
    return answer;
  }
  try {
    await options.handle(reading.message, context);
    return done;
  } catch (err) {
    // Whatever an aborted handler throws says nothing of the message.
    const answer = context.signal.aborted
      ? givenBack(0, 'stopped in the middle')
      : afterError(err, attempt, options);
    // Where a message was given back says nothing; where it failed does.
    const why = answer.outcome === 'given_back' ? { reason: answer.reason } : { err };
    context.log[levelOf[answer.outcome]](
      { ...why, attempt, outcome: answer.outcome },
      'a message was not done',
    );
    return answer;
  }
}
