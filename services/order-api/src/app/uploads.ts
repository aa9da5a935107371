import { type CreateUpload, newUploadId, type UploadParts } from '@spillway/contracts';
import { type UploadState, uploadKey } from '../domain/upload.ts';
import type { Caller } from './caller.ts';
import { isUnnoted, OpenUpload, type OpenUploadParts, UploadTooLarge } from './open-upload.ts';
import { UploadBusy, type UploadLeases, uploadLeases } from './upload-leases.ts';
import type { UploadStore } from './upload-ports.ts';

export interface UploadsParts extends Pick<OpenUploadParts, 'storage' | 'onReceived'> {
  readonly store: UploadStore;
  /** How long an upload may take, and how long a complete one waits for its order. */
  readonly hours: number;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

/** Files that customers send us: each upload is one, sent in one piece or in many. */
export class Uploads {
  readonly now: () => number;
  readonly lifeMs: number;
  readonly #parts: UploadsParts;
  readonly #leases: UploadLeases;

  constructor(parts: UploadsParts) {
    this.#parts = parts;
    this.now = parts.now ?? Date.now;
    this.lifeMs = parts.hours * 3600 * 1000;
    this.#leases = uploadLeases(parts.store);
  }

  /** Throws `UploadTooLarge`. */
  async create({ customer }: Caller, { filename, bytes }: CreateUpload): Promise<UploadState> {
    const limit = customer.limits.source.bytes;
    if (bytes !== undefined && bytes > limit) throw new UploadTooLarge(limit);
    const upload: UploadState = {
      id: newUploadId(),
      customerId: customer.id,
      filename: filename ?? null,
      bytes: bytes ?? null,
      maxBytes: bytes ?? limit,
      status: 'waiting',
      etag: null,
      createdAt: new Date(this.now()).toISOString(),
      expiresAt: new Date(this.now() + this.lifeMs).toISOString(),
      completedAt: null,
    };
    await this.#parts.store.create(upload);
    return upload;
  }

  /** Of a new upload: where its bytes may be sent beside us. Null where they cannot. */
  async beginParts({ id, bytes }: UploadState): Promise<UploadParts | null> {
    if (!bytes) return null;
    const object = this.#parts.storage.resumable(uploadKey(id));
    const parts = await object.beginParts(bytes, this.lifeMs / 1000);
    return parts && { bytes: parts.bytes, urls: [...parts.urls] };
  }

  read(id: string): Promise<UploadState | null> {
    return this.#parts.store.read(id);
  }

  /** Like `read`; completes it if a crash came between its last byte and that. */
  async current(id: string): Promise<UploadState | null> {
    const upload = await this.read(id);
    if (upload === null || this.#leases.isTaken(id)) return upload;
    if (!(await isUnnoted(upload, this.#parts.storage))) return upload;
    try {
      const open = await this.open(id, () => undefined);
      await open?.settle().finally(() => open.close());
      return open?.upload ?? null;
    } catch (error) {
      if (error instanceof UploadBusy) return upload;
      throw error;
    }
  }

  async receivedBytes({ id, status, bytes }: UploadState): Promise<number> {
    if (status === 'complete') return bytes ?? 0;
    return (await this.#parts.storage.resumable(uploadKey(id)).size()) ?? 0;
  }

  /** Null when there is no such upload. Throws `UploadBusy`; see `UploadLeases`. The caller closes it. */
  async open(id: string, letGo: () => void, signal?: AbortSignal): Promise<OpenUpload | null> {
    const lease = await this.#leases.take(id, letGo, signal);
    if (!lease) return null;
    const { now, lifeMs } = this;
    return new OpenUpload({ ...this.#parts, now, lifeMs }, lease);
  }

  /** `in_use`: an order that names it has not ended. Throws `UploadBusy`. */
  async remove(id: string): Promise<'removed' | 'not_found' | 'in_use'> {
    const open = await this.open(id, () => undefined);
    if (!open) return 'not_found';
    try {
      return (await open.remove()) ? 'removed' : 'in_use';
    } finally {
      await open.close();
    }
  }
}
