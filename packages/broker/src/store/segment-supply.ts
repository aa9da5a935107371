import { closeSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  adoptPrepared,
  createSegmentNow,
  preparedName,
  prepareSegment,
  type Segment,
} from './segment.ts';
import { StorageError } from './storage-error.ts';

const firstSegmentBytes = 1024 * 1024;
const retryMilliseconds = 1000;

export interface SupplyOptions {
  folder: string;
  durable: boolean;
  /** Segments grow up to this by doubling; small at first, so that a test's broker writes little. */
  maxSegmentBytes: number;
  /** The next segment could not be made: most likely the disk is full. */
  onStarved: (error: Error) => void;
}

/** Makes the next segment while the current one is being filled. */
export class SegmentSupply {
  readonly #options: SupplyOptions;
  #next: Segment | undefined;
  /** Number of the segment that was given out last. */
  #latest = 0;
  #preparing: Promise<void> | undefined;
  #failure: StorageError | undefined;
  #failedAt = 0;

  constructor(options: SupplyOptions) {
    this.#options = options;
  }

  /** Why there is no next segment, while that lasts. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  first(number: number): Segment {
    const { folder, durable } = this.#options;
    this.#latest = number;
    return createSegmentNow(folder, number, firstSegmentBytes, durable);
  }

  /** The segment after `current`, of at least `needed` bytes. @throws StorageError (disk full) */
  take(current: Segment, needed: number): Segment {
    const next = this.#next;
    this.#next = undefined;
    if (next && next.bytes >= needed) {
      this.#latest = next.number;
      return next;
    }
    if (next) closeSync(next.fd); // it was too small for this record, and is overwritten
    if (this.#failure && this.#failedJustNow) throw this.#failure;
    const { folder, durable } = this.#options;
    const bytes = Math.max(this.#bytesAfter(current), needed);
    try {
      const made = createSegmentNow(folder, current.number + 1, bytes, durable);
      this.#latest = made.number;
      this.#failure = undefined;
      return made;
    } catch (error) {
      throw this.#failed(error as Error);
    }
  }

  /** Begins to make the segment after `current`, unless that is done or failed a moment ago. */
  prepare(current: Segment): void {
    if (this.#next || this.#preparing) return;
    if (this.#failure && this.#failedJustNow) return;
    this.#preparing = this.#make(current)
      .then(() => {
        this.#failure = undefined;
      })
      .catch(async (error: Error) => {
        const half = join(this.#options.folder, preparedName);
        await rm(half, { force: true }).catch(() => undefined); // the next try overwrites it
        this.#failed(error);
      })
      .finally(() => {
        this.#preparing = undefined;
      });
  }

  async close(): Promise<void> {
    await this.#preparing;
    if (!this.#next) return;
    closeSync(this.#next.fd);
    rmSync(this.#next.path);
  }

  async #make(current: Segment): Promise<void> {
    const { folder, durable } = this.#options;
    const prepared = join(folder, preparedName);
    const number = current.number + 1;
    const bytes = this.#bytesAfter(current);
    await prepareSegment(prepared, bytes, durable);
    // One that was made in haste meanwhile has this name already, and records in it.
    if (number !== this.#latest + 1) return;
    this.#next = adoptPrepared(prepared, folder, number, bytes, durable);
  }

  /** Filling a full disk takes a while, so not every request tries it again. */
  get #failedJustNow(): boolean {
    return Date.now() - this.#failedAt < retryMilliseconds;
  }

  #failed(error: Error): StorageError {
    this.#failure = new StorageError('There is no space for the next segment of the store.', error);
    this.#failedAt = Date.now();
    this.#options.onStarved(this.#failure);
    return this.#failure;
  }

  #bytesAfter(current: Segment): number {
    return Math.min(current.bytes * 2, this.#options.maxSegmentBytes);
  }
}
