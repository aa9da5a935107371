/** A record has decayed on the disk: what it held is lost. */
export class DamagedRecordError extends Error {}

/**
 * The disk does not do what the store needs. The message is for clients; the operator is told once, when
 * it begins.
 */
export class StorageError extends Error {
  constructor(message: string, cause: Error) {
    const { code = cause.message } = cause as NodeJS.ErrnoException;
    super(`${message} (${code})`, { cause });
    this.name = 'StorageError';
  }
}
