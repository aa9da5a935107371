import * as z from 'zod';

/**
 * Why a job, and with it an order, failed. The set is closed: customers may switch on it.
 * `retryable` says whether trying the same work again can help; a permanent failure ends the order
 * at the first try (law 6).
 */
const failures = {
  source_not_media: { retryable: false },
  source_truncated: { retryable: false },
  source_empty: { retryable: false },
  source_no_video: { retryable: false },
  /** Media that we refuse rather than turn into a wrong picture. */
  source_unsupported: { retryable: false },
  /** More bytes, seconds or pixels than the customer may send. */
  source_too_large: { retryable: false },
  /** The source names an address or a file that must not be read. */
  source_not_allowed: { retryable: false },
  /** The source's server answered that there is no such thing (404, 410, 403). */
  source_not_found: { retryable: false },
  source_unreachable: { retryable: true },
  /** The source is no longer the one that was accepted. */
  source_changed: { retryable: false },
  /** Captions that are no WebVTT and no SRT. */
  captions_invalid: { retryable: false },
  encode_failed: { retryable: true },
  /** An encode made no progress and was ended by the watchdog. */
  encode_stalled: { retryable: true },
  /** The output was made but its QC report failed. */
  output_not_whole: { retryable: true },
  /** The bucket of `outputs.destination` does not let us write. */
  destination_not_allowed: { retryable: false },
  destination_unavailable: { retryable: true },
  storage_unavailable: { retryable: true },
  /** The job's worker vanished again and again. */
  job_lost: { retryable: false },
  internal: { retryable: true },
} as const;

export type FailureCode = keyof typeof failures;

export const FailureCode = z.enum(Object.keys(failures) as [FailureCode, ...FailureCode[]]);

export const isRetryable = (code: FailureCode): boolean => failures[code].retryable;

/** One plain sentence for the customer: what was wrong, where, and what to do. */
export const Failure = z
  .object({ code: FailureCode, message: z.string(), retryable: z.boolean() })
  .meta({ id: 'Failure' });
export type Failure = z.infer<typeof Failure>;

/** Thrown by whoever does a job's work; becomes the `error` of its result. */
export class JobError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JobError';
    this.code = code;
  }

  get retryable(): boolean {
    return isRetryable(this.code);
  }
}
