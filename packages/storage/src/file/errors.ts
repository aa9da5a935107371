import { StorageError } from '../port.ts';

// By shape: under jest, the errors of node:fs are not instances of the test's own Error.
const isErrno = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;

export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  isErrno(error) && codes.includes(error.code ?? '');

/** What the file system said, in the words of the port; anything that is not its error stays as it is. */
export function translate(error: unknown, key: string): unknown {
  if (!isErrno(error)) return error;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new StorageError('full', `No room left for "${key}".`, { cause: error });
    // A part of the key is an object, or the key is a folder of other keys, or a link out of the root.
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new StorageError('invalid_key', `"${key}" cannot be a file: ${error.code}.`, {
        cause: error,
      });
    default:
      return new StorageError('unavailable', `The storage failed on "${key}": ${error.message}`, {
        cause: error,
      });
  }
}
