import { cancelMarker, type Job, type JobError, type JobResult } from '@spillway/contracts';
import { EncodeError } from '@spillway/media';
import { type Logger, startSpan } from '@spillway/runtime';
import { judge, waitSeconds } from '../domain/verdict.ts';
import { Attempt, type AttemptFields, Canceled, Stopping } from './attempt.ts';
import { ingestCaptions } from './captions.ts';
import { deliver } from './deliver.ts';
import { encodeAudio, encodeChunk } from './encode.ts';
import { asJobError, failureOf } from './failure.ts';
import { type IngestParts, ingest } from './ingest.ts';
import { packageOrder } from './package.ts';
import type { AttemptEnd, SendResult } from './ports.ts';
import { prepare } from './prepare.ts';
import type { EncodeParts, Work } from './work.ts';

export interface WorkerParts extends EncodeParts, IngestParts {
  readonly sendResult: SendResult;
  /** Host and process. */
  readonly name: string;
  readonly cancelPollSeconds: number;
}

/** What the worker must know of a job's delivery. */
export interface JobDelivery {
  /** A failure that may pass is then the end of the job. */
  readonly lastAttempt: boolean;
  /** Since the job was first sent. */
  readonly ageSeconds: number;
  readonly traceparent: string | undefined;
  /** Aborts at the end of a stop's grace. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What becomes of the job's message. */
export type Answer =
  | { readonly does: 'ack' }
  | { readonly does: 'retry'; readonly error: Error }
  | { readonly does: 'bury'; readonly reason: string }
  | { readonly does: 'give-back'; readonly delaySeconds: number; readonly reason: string };

export type JobDoer = Pick<Worker, 'run'>;

/** The part of a result that says how the attempt ended. */
type Ending =
  | Omit<Extract<JobResult, { status: 'succeeded' }>, keyof AttemptFields | 'endedAt'>
  | Omit<Extract<JobResult, { status: 'failed' }>, keyof AttemptFields | 'endedAt'>;

/**
 * Does jobs, each in an attempt of its own. The result of a job that ended is durable before the answer
 * is given; an attempt that did not succeed leaves no files but those that are being played.
 */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #running = new Set<Attempt>();
  #stopping = false;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  /** Rejects when the result could not be sent: the job must come again. */
  async run(job: Job, received: JobDelivery): Promise<Answer> {
    if (this.#stopping) return givenBack(0, 'the worker stops');
    const { observer, name } = this.#parts;
    const span = startSpan(`attempt ${job.kind}`, { parent: received.traceparent });
    const delivery = { ...received, traceparent: span.traceparent };
    const attempt = this.#begin(job, delivery);
    const unwatch = this.#watch(attempt, delivery.signal);
    let end: AttemptEnd = 'retried';
    try {
      const settled = await this.#work(attempt).then(
        (work) => ({ work }),
        (error: unknown) => ({ error }),
      );
      const answer =
        'work' in settled
          ? await this.#succeed(settled.work, attempt, delivery)
          : await this.#fail(settled.error, attempt, delivery);
      end = answer.end;
      span.set({ 'spillway.ffmpeg.cpu_seconds': cpuSecondsOf(settled) });
      return answer;
    } finally {
      unwatch();
      this.#running.delete(attempt);
      observer.ended(job.kind, end, attempt.elapsedSeconds);
      span.set({
        'spillway.order.id': job.orderId,
        'spillway.job.id': job.jobId,
        'spillway.attempt.id': attempt.id,
        'spillway.attempt.end': end,
        'spillway.worker': name,
      });
      span.end(end === 'failed' || end === 'retried' ? end : null);
    }
  }

  /** Law 4: takes no more jobs, and gives back at once what will not be done within the grace. */
  stop(graceSeconds: number): void {
    this.#stopping = true;
    for (const attempt of this.#running) {
      if (!attempt.mayFinish(graceSeconds)) attempt.abort(new Stopping());
    }
  }

  #begin(job: Job, delivery: JobDelivery): Attempt {
    const { name, observer, sendResult } = this.#parts;
    const attempt = new Attempt(job, name, delivery.log, (result) => {
      sendResult(result, delivery).catch((error: unknown) => {
        attempt.log.warn({ err: error }, 'could not tell the progress');
      });
    });
    this.#running.add(attempt);
    observer.began(job.kind);
    return attempt;
  }

  /** Ends the attempt when its order is canceled or a stop's grace is over. */
  #watch(attempt: Attempt, stop: AbortSignal): () => void {
    const onStop = () => attempt.abort(new Stopping());
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop, { once: true });
    const poll = () =>
      this.#abortIfCanceled(attempt).catch((error: unknown) => {
        attempt.log.warn({ err: error }, 'could not look whether the order was canceled');
      });
    const timer = setInterval(poll, this.#parts.cancelPollSeconds * 1000);
    return () => {
      clearInterval(timer);
      stop.removeEventListener('abort', onStop);
    };
  }

  async #abortIfCanceled(attempt: Attempt): Promise<void> {
    const { orderId, run } = attempt.job;
    if (await this.#parts.storage.head(cancelMarker(orderId, run))) attempt.abort(new Canceled());
  }

  async #work(attempt: Attempt): Promise<Work> {
    await this.#abortIfCanceled(attempt);
    attempt.signal.throwIfAborted();
    const work = await begin(this.#parts, attempt);
    this.#parts.observer.usedCpu(attempt.job.kind, work.cpuSeconds);
    return work;
  }

  async #succeed(
    work: Work,
    attempt: Attempt,
    delivery: JobDelivery,
  ): Promise<Answer & { end: AttemptEnd }> {
    // Should the send fail the files stay: it may have arrived, and then the order names them.
    await this.#send({ status: 'succeeded', ...work }, attempt, delivery);
    attempt.log.info({ seconds: attempt.elapsedSeconds }, 'job succeeded');
    return { does: 'ack', end: 'succeeded' };
  }

  async #fail(
    thrown: unknown,
    attempt: Attempt,
    delivery: JobDelivery,
  ): Promise<Answer & { end: AttemptEnd }> {
    const { signal, log } = attempt;
    // Those of a sound that is being played stay until its order ends.
    if (!attempt.isPlayed || signal.reason instanceof Canceled) await this.#removeFiles(attempt);
    if (signal.reason instanceof Canceled) {
      log.info('order is canceled');
      return { does: 'ack', end: 'canceled' };
    }
    if (signal.reason instanceof Stopping) {
      return { ...givenBack(0, 'the worker stops'), end: 'given_back' };
    }
    const error = asJobError(thrown);
    const verdict = judge(error, delivery);
    log.warn({ code: error.code, verdict, err: error.cause }, error.message);
    if (verdict === 'retry') return { does: 'retry', error, end: 'retried' };
    if (verdict === 'wait') {
      const waiting = givenBack(waitSeconds(delivery.ageSeconds), error.message);
      return { ...waiting, end: 'given_back' };
    }
    await this.#send(endingOf(error, this.#parts.media.build), attempt, delivery);
    return verdict === 'fail'
      ? { does: 'ack', end: 'failed' }
      : { does: 'bury', reason: `${error.code}: ${error.message}`, end: 'failed' };
  }

  async #send(ending: Ending, attempt: Attempt, delivery: JobDelivery): Promise<void> {
    const endedAt = new Date().toISOString();
    await this.#parts.sendResult({ ...attempt.fields, endedAt, ...ending }, delivery);
  }

  async #removeFiles({ prefix, log }: Attempt): Promise<void> {
    try {
      await this.#parts.storage.deletePrefix(prefix);
    } catch (error) {
      log.warn({ err: error, prefix }, 'could not remove the files of an attempt');
    }
  }
}

function begin(parts: WorkerParts, attempt: Attempt): Promise<Work> {
  const { job } = attempt;
  switch (job.kind) {
    case 'ingest':
      return job.index === 0 ? ingest(parts, job, attempt) : ingestCaptions(parts, job, attempt);
    case 'prepare':
      return prepare(parts, job, attempt);
    case 'encode-chunk':
      return encodeChunk(parts, job, attempt);
    case 'encode-audio':
      return encodeAudio(parts, job, attempt);
    case 'package':
      return packageOrder(parts, job, attempt);
    case 'deliver':
      return deliver(parts, job, attempt);
  }
}

const givenBack = (delaySeconds: number, reason: string): Answer => ({
  does: 'give-back',
  delaySeconds,
  reason,
});

const cpuSecondsOf = (
  settled: { readonly work: Work } | { readonly error: unknown },
): number | undefined => {
  if ('work' in settled) return settled.work.cpuSeconds;
  return settled.error instanceof EncodeError ? settled.error.cpuSeconds : undefined;
};

function endingOf(error: JobError, build: string): Ending {
  const ran = error instanceof EncodeError;
  return {
    status: 'failed',
    error: failureOf(error),
    log: ran ? error.log : [],
    exit: ran ? error.exit : null,
    cpuSeconds: ran ? error.cpuSeconds : 0,
    ffmpegBuild: ran ? build : null,
  };
}
