import { type Failure, JobError } from '@spillway/contracts';
import { StorageError, type StorageErrorCode } from '@spillway/storage';

/** `denied`: of our own store, whose rights somebody has yet to set right. */
const PASSING = new Set<StorageErrorCode>(['full', 'unavailable', 'denied']);

/** Whatever was thrown, as the typed error of the job; what nobody foresaw is `internal`. */
export function asJobError(error: unknown): JobError {
  if (error instanceof JobError) return error;
  if (error instanceof StorageError && PASSING.has(error.code)) {
    return new JobError('storage_unavailable', 'The object store cannot be used for the moment.', {
      cause: error,
    });
  }
  if (isNoSpace(error)) {
    return new JobError('storage_unavailable', 'The disk of the worker is full for the moment.', {
      cause: error,
    });
  }
  return new JobError('internal', 'Something went wrong on our side.', { cause: error });
}

/** By shape: an error of node:fs, in the work folder. */
const isNoSpace = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'ENOSPC' || error.code === 'EDQUOT');

export const failureOf = ({ code, message, retryable }: JobError): Failure => ({
  code,
  message,
  retryable,
});
