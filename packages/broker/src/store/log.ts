import { closeSync, fstatSync, openSync, readSync, unlinkSync, write } from 'node:fs';
import { join } from 'node:path';
import { frameHeaderBytes, writeFrame } from './frames.ts';
import {
  adoptPrepared,
  createSegmentNow,
  preparedName,
  prepareSegment,
  type Segment,
  segmentHeader,
  segmentHeaderBytes,
} from './segment.ts';

const firstSegmentBytes = 1024 * 1024;

/** Segment numbers times this plus the offset in the segment: a position fits a double. */
export const positionStride = 2 ** 32;

/** A run of frames that goes to disk in one write. */
interface Batch {
  segment: Segment;
  start: number;
  buffer: Buffer;
  length: number;
  waiters: DurableCallback[];
}

/** Told that the records are on disk, or why they never will be. */
export type DurableCallback = (error?: Error) => void;

export interface LogOptions {
  folder: string;
  durable: boolean;
  /** Segments grow up to this by doubling; small so that a test's broker writes little. */
  maxSegmentBytes: number;
  /** Next sequence number, kept in every segment's header: numbers are never given out twice. */
  nextSequence: () => number;
  /** A write failed: nothing after it can be promised. */
  onFailure: (error: Error) => void;
  /** A segment was begun: the moment to ask whether old ones can go. */
  onRotate: () => void;
}

/**
 * The append side of the store. Frames collect in memory while one write is under way and then go to
 * disk together (group commit): with O_DSYNC one asynchronous write is both the write and the sync.
 */
export class Log {
  readonly #options: LogOptions;
  readonly #segments = new Map<number, Segment>();
  #current: Segment;
  #offset = 0;
  #next: Segment | undefined;
  #preparing: Promise<void> | undefined;
  #batches: Batch[] = [];
  #writing = false;
  #scheduled = false;
  #spareBuffer: Buffer | undefined;
  #readBuffer = Buffer.allocUnsafe(64 * 1024);
  #failure: Error | undefined;

  /** `sealed` are the recovered segments, in order; new frames go to a new one. */
  constructor(options: LogOptions, sealed: { number: number; path: string }[]) {
    this.#options = options;
    for (const { number, path } of sealed) {
      const fd = openSync(path, 'r');
      this.#segments.set(number, { number, path, fd, bytes: fstatSync(fd).size });
    }
    const number = (sealed.at(-1)?.number ?? 0) + 1;
    this.#current = this.#create(number, firstSegmentBytes);
    this.#begin(this.#current);
  }

  /** Bytes of all segments, dead records and unused space of the last one included. */
  get bytes(): number {
    let bytes = 0;
    for (const segment of this.#segments.values()) bytes += segment.bytes;
    return bytes;
  }

  get segmentCount(): number {
    return this.#segments.size;
  }

  /** The oldest segment, unless it is the one being written. */
  get oldest(): Segment | undefined {
    for (const segment of this.#segments.values()) {
      return segment === this.#current ? undefined : segment;
    }
    return undefined;
  }

  /**
   * Adds one record. It is in the log's order at once and durable when {@link whenDurable} says so.
   * @returns its position, for {@link read}
   * @throws the system's error when no segment can be made (disk full); nothing was added then
   */
  append(payload: Buffer): number {
    if (this.#failure) throw this.#failure;
    const frameBytes = frameHeaderBytes + payload.length;
    if (this.#offset + frameBytes > this.#current.bytes) this.#rotate(frameBytes);
    const batch = this.#openBatch(frameBytes);
    writeFrame(batch.buffer, batch.length, payload);
    batch.length += frameBytes;
    const position = this.#current.number * positionStride + this.#offset;
    this.#offset += frameBytes;
    this.#schedule();
    return position;
  }

  /** Calls back when everything appended so far is on disk; at once when it is, or when sync is off. */
  whenDurable(callback: DurableCallback): void {
    const last = this.#batches.at(-1);
    if (this.#failure) callback(this.#failure);
    else if (!last || !this.#options.durable) callback();
    else last.waiters.push(callback);
  }

  /** The payload of the frame at `position`; the buffer is valid until the next call. */
  read(position: number, payloadBytes: number): Buffer {
    const number = Math.floor(position / positionStride);
    const offset = (position % positionStride) + frameHeaderBytes;
    const pending = this.#batches.find(
      ({ segment, start, length }) =>
        segment.number === number && offset >= start && offset < start + length,
    );
    if (pending) {
      const at = offset - pending.start;
      return pending.buffer.subarray(at, at + payloadBytes);
    }
    const segment = this.#segments.get(number);
    if (!segment) throw new Error(`segment ${number} is gone`);
    if (this.#readBuffer.length < payloadBytes) {
      this.#readBuffer = Buffer.allocUnsafe(payloadBytes * 2);
    }
    readSync(segment.fd, this.#readBuffer, 0, payloadBytes, offset);
    return this.#readBuffer.subarray(0, payloadBytes);
  }

  /** Forgets the oldest segment; whatever lived in it was appended again before. */
  dropOldest(): void {
    const { oldest } = this;
    if (!oldest) return;
    this.#segments.delete(oldest.number);
    closeSync(oldest.fd);
    unlinkSync(oldest.path);
  }

  /** Writes what is pending and closes the files. */
  async close(): Promise<void> {
    if (this.#batches.length > 0 && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#batches.at(-1)?.waiters.push(() => resolve());
      });
    }
    await this.#preparing;
    if (this.#next) {
      closeSync(this.#next.fd);
      unlinkSync(this.#next.path);
    }
    for (const { fd } of this.#segments.values()) closeSync(fd);
  }

  #create(number: number, bytes: number): Segment {
    const { folder, durable } = this.#options;
    return createSegmentNow(folder, number, bytes, durable);
  }

  #rotate(frameBytes: number): void {
    const needed = segmentHeaderBytes + frameBytes;
    const next = this.#next;
    if (next && next.bytes >= needed) {
      this.#next = undefined;
      this.#begin(next);
    } else {
      const bytes = Math.max(this.#followingBytes(), needed);
      const made = this.#create(this.#current.number + 1, bytes);
      if (next) closeSync(next.fd); // it was too small for this record, and is overwritten
      this.#next = undefined;
      this.#begin(made);
    }
    this.#options.onRotate();
  }

  #followingBytes(): number {
    return Math.min(this.#current.bytes * 2, this.#options.maxSegmentBytes);
  }

  #begin(segment: Segment): void {
    this.#current = segment;
    this.#segments.set(segment.number, segment);
    this.#offset = 0;
    const header = segmentHeader(segment.number, this.#options.nextSequence());
    const batch = this.#openBatch(header.length);
    header.copy(batch.buffer, batch.length);
    batch.length += header.length;
    this.#offset = header.length;
    this.#schedule();
  }

  /** Makes the next segment ahead of its need, once the current one is half full. */
  #prepareNext(): void {
    if (this.#next || this.#preparing || this.#offset < this.#current.bytes / 2) return;
    const { folder, durable } = this.#options;
    const prepared = join(folder, preparedName);
    const number = this.#current.number + 1;
    const bytes = this.#followingBytes();
    this.#preparing = prepareSegment(prepared, bytes, durable)
      .then(() => {
        if (this.#current.number + 1 !== number) return; // one was made in haste meanwhile
        this.#next = adoptPrepared(prepared, folder, number, bytes, durable);
      })
      .catch(() => undefined) // append() makes it, and reports, when it is really needed
      .finally(() => {
        this.#preparing = undefined;
      });
  }

  #openBatch(frameBytes: number): Batch {
    const last = this.#batches.at(-1);
    const open = last && !(this.#writing && this.#batches.length === 1) ? last : undefined;
    if (open && open.segment === this.#current) {
      if (open.length + frameBytes > open.buffer.length) {
        const larger = Buffer.allocUnsafe((open.length + frameBytes) * 2);
        open.buffer.copy(larger, 0, 0, open.length);
        open.buffer = larger;
      }
      return open;
    }
    const spare = this.#spareBuffer;
    this.#spareBuffer = undefined;
    const buffer =
      spare && spare.length >= frameBytes
        ? spare
        : Buffer.allocUnsafe(Math.max(64 * 1024, frameBytes));
    const batch = { segment: this.#current, start: this.#offset, buffer, length: 0, waiters: [] };
    this.#batches.push(batch);
    return batch;
  }

  #schedule(): void {
    if (this.#writing || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const batch = this.#batches[0];
    if (!batch || this.#writing || this.#failure) return;
    this.#writing = true;
    this.#writeOut(batch, 0);
    this.#prepareNext();
  }

  #writeOut(batch: Batch, from: number): void {
    const { buffer, length, start, segment } = batch;
    write(segment.fd, buffer, from, length - from, start + from, (error, written) => {
      if (error) this.#fail(error);
      else if (from + written < length) this.#writeOut(batch, from + written);
      else this.#written(batch);
    });
  }

  #written(batch: Batch): void {
    this.#batches.shift();
    this.#writing = false;
    if (batch.buffer.length <= 4 * 1024 * 1024) this.#spareBuffer = batch.buffer;
    for (const waiter of batch.waiters) waiter();
    this.#flush();
  }

  #fail(error: Error): void {
    this.#failure = error;
    const waiters = this.#batches.flatMap((batch) => batch.waiters);
    this.#batches = [];
    for (const waiter of waiters) waiter(error);
    this.#options.onFailure(error);
  }
}
