import type { Readable } from 'node:stream';

export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** Changes when the content changes. */
  readonly etag: string;
  readonly modifiedAt: Date;
}

/** What a `put` knows without asking again. */
export type WrittenObject = Omit<ObjectInfo, 'modifiedAt'>;

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
 * An object that comes in pieces, over hours, by many bodies, and past restarts of the process. Its bytes
 * are kept until `finish` or `discard`. No reader sees anything before `finish`; a `put` or an object
 * under the same key is another matter until then. Handles are cheap and hold nothing: two handles of a
 * key are the same. Its user sees to it that `append`, `finish` and `discard` of a key never run at the
 * same time, not even in two processes.
 */
export interface ResumableObject {
  /** Bytes that have come so far; null when nothing was begun, or it was finished or discarded. */
  size(): Promise<number | null>;
  /**
   * Adds a body at the end; an empty one begins an object of no bytes. The bytes are durable when it
   * resolves, to the new size. A body that breaks rejects with the body's own error, and what was read
   * of it before is kept, durable. When it rejects, the body is destroyed and nothing of it is written
   * any more. Throws `wrong_offset`, with nothing read, when `offset` is not the size (0 when nothing
   * was begun).
   */
  append(body: Readable, offset: number): Promise<number>;
  /**
   * Makes it the object of the key, in one step, in place of one that was there. Asked again it answers
   * the same. Throws `not_found` when nothing was begun and no object is there.
   */
  finish(): Promise<ObjectInfo>;
  /** Forgets what has come; nothing is fine. An object that was finished stays. */
  discard(): Promise<void>;
  /**
   * Begins it anew, as parts that clients write into the store themselves; null where they cannot. `bytes`
   * is of the whole, and not 0; the addresses are good for so many seconds, or as long as the credentials
   * that sign them.
   */
  beginParts(bytes: number, seconds: number): Promise<PartAddresses | null>;
  /**
   * As `finish`, of what clients have written; `etags` are what the store answered them, part by part.
   * Throws `wrong_parts` when they are not the parts that were begun.
   */
  finishParts(etags: readonly string[]): Promise<ObjectInfo>;
}

/** Where parts of an object are PUT to, in any order. */
export interface PartAddresses {
  /** Of each part; the last has the rest. */
  readonly bytes: number;
  readonly urls: readonly string[];
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
  put(key: string, body: Uint8Array | Readable): Promise<WrittenObject>;
  /** Throws `not_found`. */
  get(key: string, range?: ByteRange): Promise<StoredObject>;
  /** Null when there is no such object. */
  head(key: string): Promise<ObjectInfo | null>;
  /** Every object whose key begins with the prefix, in no particular order. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** Removes every object whose key begins with the prefix; none is fine. */
  deletePrefix(prefix: string): Promise<void>;
  /**
   * The file that the object is, for programs of this machine to read; null in a store that keeps no
   * files. Throws `not_found`.
   */
  pathOf(key: string): Promise<string | null>;
}

/** What uploads need beside. */
export interface ResumableStore {
  /** Throws `invalid_key`. */
  resumable(key: string): ResumableObject;
}

/** What every driver is. */
export type Storage = ObjectStore & ResumableStore;

/** A customer's bucket, by whole keys. Everything rejects with a `StorageError`. */
export interface Bucket {
  /** Null when there is no such object. */
  head(key: string): Promise<ObjectInfo | null>;
  /** Throws `not_found`; with an etag, `changed` when the object has another. */
  get(key: string, range?: ByteRange, etag?: string): Promise<StoredObject>;
  /** As `ObjectStore.put`. */
  put(key: string, body: Uint8Array | Readable): Promise<WrittenObject>;
}

/** Any bucket that this machine's credentials may use. */
export type Buckets = (name: string) => Bucket;

/**
 * `full`: no room left; `unavailable`: try again later; `wrong_offset`: ask for the size;
 * `wrong_parts`: not what was begun; of a bucket
 * only, `changed`: it is no longer the object that was asked for, `denied`: the bucket's owner says no.
 */
export type StorageErrorCode =
  | 'not_found'
  | 'full'
  | 'unavailable'
  | 'invalid_key'
  | 'wrong_offset'
  | 'wrong_parts'
  | 'changed'
  | 'denied';

export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
    this.code = code;
  }
}
