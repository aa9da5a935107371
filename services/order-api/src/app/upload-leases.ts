import { randomUUID } from 'node:crypto';
import type { UploadState } from '../domain/upload.ts';
import type { UploadStore } from './upload-ports.ts';

/** Of a holder that is silent, because its process or its client's line has died. */
const LEASE_SECONDS = 6;
const RENEW_AFTER_MS = 2_000;

/** Another request writes to the upload, maybe in another process. */
export class UploadBusy extends Error {
  override name = 'UploadBusy';
}

/** The right to write to an upload: one holder at a time among all processes. */
export interface UploadLease {
  /** As it was when the lease began. */
  readonly upload: UploadState;
  /** Before every write: throws `UploadBusy` when another has become the holder. */
  keep(): Promise<void>;
  release(): Promise<void>;
}

export interface UploadLeases {
  /**
   * Null when there is no such upload. A holder in this process is asked to let go and waited for: its
   * client has come again, so the first connection is dead. One in another process makes it `UploadBusy`
   * until it has been silent for a few seconds. Throws the signal's reason.
   */
  take(id: string, letGo: () => void, signal?: AbortSignal): Promise<UploadLease | null>;
  /** Whether a request of this process has it. */
  isTaken(id: string): boolean;
}

interface Holder {
  readonly letGo: () => void;
  readonly gone: Promise<void>;
}

type LeaseStore = Pick<UploadStore, 'read' | 'lease' | 'renewLease' | 'endLease'>;

/** `now`: milliseconds of a clock that is never set. */
export function uploadLeases(store: LeaseStore, now = () => performance.now()): UploadLeases {
  const holders = new Map<string, Holder>();

  async function leaseOf(id: string, free: () => void): Promise<UploadLease | null> {
    const holder = randomUUID();
    const upload = await store.lease(id, holder, LEASE_SECONDS);
    if (!upload) {
      if (await store.read(id)) throw new UploadBusy('Another request sends to this upload.');
      return null;
    }
    let renewedAt = now();
    return {
      upload,
      async keep() {
        if (now() - renewedAt < RENEW_AFTER_MS) return;
        if (!(await store.renewLease(id, holder, LEASE_SECONDS))) {
          throw new UploadBusy('Another request has taken over.');
        }
        renewedAt = now();
      },
      async release() {
        // When it cannot be given back, it ends by itself.
        await store.endLease(id, holder).catch(() => undefined);
        free();
      },
    };
  }

  async function take(
    id: string,
    letGo: () => void,
    signal?: AbortSignal,
  ): Promise<UploadLease | null> {
    for (let other = holders.get(id); other; other = holders.get(id)) {
      other.letGo();
      await other.gone;
      signal?.throwIfAborted();
    }
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    holders.set(id, { letGo, gone });
    const free = () => {
      holders.delete(id);
      resolve();
    };
    try {
      const lease = await leaseOf(id, free);
      if (!lease) free();
      return lease;
    } catch (error) {
      free();
      throw error;
    }
  }

  return { take, isTaken: (id) => holders.has(id) };
}
