import type { Readable } from 'node:stream';

export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** Changes when the content changes. */
  readonly etag: string;
  readonly modifiedAt: Date;
}

/**
 * A run of bytes, both ends included, as in HTTP; cut to the object's end, and a `RangeError` when it
 * begins beyond that.
 */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface StoredObject extends ObjectInfo {
  /** The bytes of the range, or all; the caller reads it to its end or destroys it. */
  readonly body: Readable;
}

/**
 * Objects under keys like `orders/ord_x/prepare-0-att_y/master.m3u8`. A key never begins with `/` and
 * has no `.` or `..` part; such a key is `StorageError('invalid_key')`. Every method is safe to call concurrently.
 */
export interface ObjectStore {
  /**
   * The object is there, whole and durable, when the promise resolves; before that no reader sees it.
   * A body that breaks rejects with the body's own error.
   */
  put(key: string, body: Uint8Array | Readable): Promise<ObjectInfo>;
  /** Throws `not_found`. */
  get(key: string, range?: ByteRange): Promise<StoredObject>;
  /** Null when there is no such object. */
  head(key: string): Promise<ObjectInfo | null>;
  /** Every object whose key begins with the prefix, in no particular order. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** Removes every object whose key begins with the prefix; none is fine. */
  deletePrefix(prefix: string): Promise<void>;
  /** An address that ffmpeg reads by ranges (a path or an expiring https address). Throws `not_found`. */
  addressFor(key: string): Promise<string>;
}

/** `full`: no room left; `unavailable`: try again later. */
export type StorageErrorCode = 'not_found' | 'full' | 'unavailable' | 'invalid_key';

export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
    this.code = code;
  }
}
