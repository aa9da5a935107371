import { attemptPrefix, type Job, type JobResult, newAttemptId } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import { isProgressDue, type Told } from '../domain/progress.ts';
import { mayFinish } from '../domain/remaining.ts';

/** Why an attempt was ended from outside. */
export class Canceled extends Error {
  override name = 'Canceled';
}
export class Stopping extends Error {
  override name = 'Stopping';
}

type ProgressResult = Extract<JobResult, { status: 'progress' }>;

/** What every result of an attempt begins with. */
export type AttemptFields = Omit<ProgressResult, 'status' | 'progress' | 'segments'>;

/** One try at a job: its name, its files' prefix, how far it is, and the signal that ends it. */
export class Attempt {
  readonly id = newAttemptId();
  readonly job: Job;
  readonly prefix: string;
  readonly log: Logger;
  readonly fields: AttemptFields;
  readonly #began = performance.now();
  readonly #abort = new AbortController();
  readonly #tell: (result: ProgressResult) => void;
  #fraction = 0;
  #expectedSeconds: number | null;
  #segments: number | null;
  #told: Told | null = null;

  constructor(job: Job, worker: string, log: Logger, tell: (result: ProgressResult) => void) {
    const { schemaVersion, jobId, orderId, kind, index, run } = job;
    this.job = job;
    this.prefix = attemptPrefix(orderId, kind, index, this.id);
    this.log = log.child({ orderId, jobId, attemptId: this.id });
    this.#tell = tell;
    this.#expectedSeconds = job.estimateSeconds;
    this.#segments = kind === 'encode-audio' ? 0 : null;
    const startedAt = new Date().toISOString();
    this.fields = {
      schemaVersion,
      jobId,
      orderId,
      kind,
      index,
      run,
      attemptId: this.id,
      worker,
      startedAt,
    };
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  abort(reason: Canceled | Stopping): void {
    this.#abort.abort(reason);
  }

  /** The job is thought to take this long from now on. */
  expect(seconds: number): void {
    this.#expectedSeconds = this.elapsedSeconds + seconds;
  }

  /** `fraction` is 0..1 of the whole job. */
  advance(fraction: number): void {
    this.#fraction = fraction;
    this.#tellIfDue();
  }

  /** So many segments of the sound, from the first on, can be played. */
  stored(segments: number): void {
    this.#segments = segments;
    this.#tellIfDue();
  }

  /** Whether playlists may name its files already. */
  get isPlayed(): boolean {
    return (this.#told?.segments ?? 0) > 0;
  }

  #tellIfDue(): void {
    const now = { seconds: this.elapsedSeconds, segments: this.#segments };
    if (!isProgressDue(now, this.#told)) return;
    this.#told = now;
    const { segments } = now;
    this.#tell({ ...this.fields, status: 'progress', progress: this.#fraction, segments });
  }

  mayFinish(graceSeconds: number): boolean {
    const { elapsedSeconds } = this;
    const standing = { fraction: this.#fraction, expectedSeconds: this.#expectedSeconds };
    return mayFinish({ elapsedSeconds, ...standing }, graceSeconds);
  }
}
