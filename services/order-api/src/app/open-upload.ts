import { Readable } from 'node:stream';
import type { ObjectInfo, Storage } from '@spillway/storage';
import { type UploadState, uploadKey, uploadPrefix } from '../domain/upload.ts';
import type { UploadLease } from './upload-leases.ts';
import type { UploadStore } from './upload-ports.ts';

/** More bytes than the upload may have, or than were declared. */
export class UploadTooLarge extends Error {
  override name = 'UploadTooLarge';

  constructor(most: number) {
    super(`It may have ${most} bytes at most.`);
  }
}

/** Its bytes are there already, and stay as they are. */
export class UploadComplete extends Error {
  override name = 'UploadComplete';
}

export interface OpenUploadParts {
  readonly store: Pick<UploadStore, 'read' | 'declareBytes' | 'complete' | 'expire' | 'remove'>;
  readonly storage: Pick<Storage, 'resumable' | 'head' | 'deletePrefix'>;
  /** How long a complete one waits for its order. */
  readonly lifeMs: number;
  readonly now: () => number;
  /** Told of every piece of a body. */
  readonly onReceived: (bytes: number) => void;
}

/** Whether all bytes of it are there, and nobody noted that. */
export async function isUnnoted(
  { id, status, bytes }: UploadState,
  storage: Pick<Storage, 'resumable' | 'head'>,
): Promise<boolean> {
  if (status !== 'waiting') return false;
  const size = await storage.resumable(uploadKey(id)).size();
  return size === null ? (await storage.head(uploadKey(id))) !== null : size === bytes;
}

/** An upload that nobody else writes to meanwhile. */
export class OpenUpload {
  readonly #parts: OpenUploadParts;
  readonly #lease: UploadLease;
  #upload: UploadState;

  constructor(parts: OpenUploadParts, lease: UploadLease) {
    this.#parts = parts;
    this.#lease = lease;
    this.#upload = lease.upload;
  }

  get upload(): UploadState {
    return this.#upload;
  }

  /**
   * Begins anew: forgets what has come. Null: the length is not known yet. Throws `UploadComplete`,
   * `UploadTooLarge`.
   */
  async begin(bytes: number | null): Promise<void> {
    if (this.#upload.status !== 'waiting') throw new UploadComplete('The upload is complete.');
    await this.declare(bytes);
    await this.#lease.keep();
    await this.#object.discard();
    // All of it, if a crash came before that was noted.
    await this.#parts.storage.deletePrefix(uploadPrefix(this.#upload.id));
  }

  /** Throws `UploadTooLarge`. */
  async declare(bytes: number | null): Promise<void> {
    const { id, maxBytes } = this.#upload;
    if (bytes !== null && bytes > maxBytes) throw new UploadTooLarge(maxBytes);
    if (bytes === this.#upload.bytes) return;
    await this.#parts.store.declareBytes(id, bytes);
    this.#upload = { ...this.#upload, bytes };
  }

  /**
   * Adds a body, which its giver ends: an answer may have to go out while the client still sends. Returns
   * the new size; all bytes that were declared complete the upload. Throws `UploadTooLarge`, `UploadBusy`.
   */
  async append(body: Readable, offset: number): Promise<number> {
    const size = await this.#object.append(Readable.from(this.#guard(body, offset)), offset);
    if (size === this.#upload.bytes) await this.complete();
    return size;
  }

  /** All bytes have come. Doing it again is fine. */
  async complete(): Promise<void> {
    await this.#lease.keep();
    await this.#note(await this.#object.finish());
  }

  /** Its client has written all parts into the object store. Doing it again is fine. Throws `wrong_parts`. */
  async completeParts(etags: readonly string[]): Promise<void> {
    if (this.#upload.status === 'complete') return;
    await this.#lease.keep();
    await this.#note(await this.#object.finishParts(etags));
  }

  async #note({ etag, bytes }: ObjectInfo): Promise<void> {
    const { store, lifeMs, now } = this.#parts;
    const { id } = this.#upload;
    const completedAt = new Date(now());
    const expiresAt = new Date(now() + lifeMs);
    await store.complete(id, { etag, bytes, completedAt, expiresAt });
    this.#upload = (await store.read(id)) ?? this.#upload;
  }

  /** Completes it if a crash came between its last byte and that. */
  async settle(): Promise<void> {
    if (await isUnnoted(this.#upload, this.#parts.storage)) await this.complete();
  }

  /**
   * Removes the bytes, then the row: what stops in the middle is found by the sweep. False when an order
   * that names it has not ended.
   */
  async remove(): Promise<boolean> {
    const { store, storage } = this.#parts;
    const { id } = this.#upload;
    if (!(await store.expire(id))) return false;
    await this.#object.discard();
    await storage.deletePrefix(uploadPrefix(id));
    await store.remove(id);
    return true;
  }

  close(): Promise<void> {
    return this.#lease.release();
  }

  get #object() {
    return this.#parts.storage.resumable(uploadKey(this.#upload.id));
  }

  async *#guard(body: Readable, offset: number): AsyncGenerator<Uint8Array> {
    const { bytes: declared, maxBytes } = this.#upload;
    const most = declared ?? maxBytes;
    let size = offset;
    for await (const piece of body.iterator({ destroyOnReturn: false })) {
      size += (piece as Uint8Array).length;
      if (size > most) throw new UploadTooLarge(most);
      await this.#lease.keep();
      this.#parts.onReceived((piece as Uint8Array).length);
      yield piece as Uint8Array;
    }
    await this.#lease.keep();
  }
}
