import { StorageError } from './port.ts';

/** S3's limit on a key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/** Throws `invalid_key` for a key that could not be an object in every store, or that leaves the root. */
export function checkKey(key: string): void {
  if (key === '' || key.endsWith('/')) throw invalid(key, 'names no object');
  checkPrefix(key);
}

/** Like `checkKey`, for the beginning of keys: it may be empty, or end in `/`. */
export function checkPrefix(prefix: string): void {
  if (Buffer.byteLength(prefix) > MAX_KEY_BYTES) throw invalid(prefix, 'is too long');
  if (prefix.includes('\0') || prefix.includes('\\')) throw invalid(prefix, 'has a forbidden sign');
  const parts = prefix.split('/');
  if (parts.some((part) => part === '.' || part === '..')) throw invalid(prefix, 'has a dot part');
  if (parts.slice(0, -1).includes('')) throw invalid(prefix, 'has an empty part');
}

const invalid = (key: string, reason: string): StorageError =>
  new StorageError('invalid_key', `The key "${key.slice(0, 200)}" ${reason}.`);
