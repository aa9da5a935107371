import { S3ServiceException } from '@aws-sdk/client-s3';
import { StorageError, type StorageErrorCode } from '../port.ts';

const FULL = new Set(['QuotaExceeded', 'XMinioStorageFull', 'ServiceQuotaExceededException']);
const WRONG_PARTS = new Set(['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'NoSuchUpload']);
const INVALID_KEY = new Set(['KeyTooLongError', 'InvalidObjectName', 'XMinioInvalidObjectName']);

function codeOf({ name, $metadata: { httpStatusCode } }: S3ServiceException): StorageErrorCode {
  if (FULL.has(name) || httpStatusCode === 507) return 'full';
  if (INVALID_KEY.has(name)) return 'invalid_key';
  if (WRONG_PARTS.has(name)) return 'wrong_parts';
  if (name === 'NoSuchKey' || name === 'NotFound') return 'not_found';
  if (httpStatusCode === 412) return 'changed';
  if (httpStatusCode === 403) return 'denied';
  // A bucket that is gone is a store that is gone, not an object.
  return 'unavailable';
}

/** What S3, or the way to it, said, in the words of the port; `what` names the object. */
export function translate(error: unknown, what: string): Error {
  if (error instanceof StorageError || error instanceof RangeError) return error;
  const cause = { cause: error };
  if (!(error instanceof S3ServiceException)) {
    // Of the network, or no credentials.
    return new StorageError('unavailable', `${what}: the object store failed: ${error}`, cause);
  }
  if (error.name === 'InvalidRange') return new RangeError(`${what} has no such range.`, cause);
  const sentence = `${what}: the object store said ${error.name}: ${error.message}`;
  return new StorageError(codeOf(error), sentence, cause);
}

export const isNamed = (error: unknown, name: string): boolean =>
  error instanceof S3ServiceException && error.name === name;

/** Rejects with `translate`'s error. */
export const tried = async <T>(what: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw translate(error, what);
  }
};
