import { closeSync, fstatSync, openSync, readSync, unlinkSync, write } from 'node:fs';
import { frameHeaderBytes, maxPayloadBytes, validPayloadEnd, writeFrame } from './frames.ts';
import type { LogOptions } from './log-options.ts';
import { type Segment, segmentHeader, segmentHeaderBytes } from './segment.ts';
import { SegmentSupply } from './segment-supply.ts';
import { DamagedRecordError, StorageError } from './storage-error.ts';

/**
 * The share of a segment that is left to others when no further one can be made: receives and removals
 * make the store smaller, and so does compaction once it is done, but not when it takes their room.
 */
const leftFree = { send: 1 / 4, rewrite: 1 / 8, settle: 0 };
export type Purpose = keyof typeof leftFree;

/** With sync off, who writes more than the disk takes has to wait for it from here on. */
const mostUnwrittenBytes = 16 * 1024 * 1024;

const largestSpareBytes = 4 * 1024 * 1024;

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

/**
 * The append side of the store. Frames collect in memory while one write is under way and then go to
 * disk together (group commit): with O_DSYNC one asynchronous write is both the write and the sync.
 */
export class Log {
  readonly #options: LogOptions;
  readonly #segments = new Map<number, Segment>();
  #current: Segment;
  #offset = 0;
  /** Up to here the current segment is on disk. */
  #settled = 0;
  readonly #supply: SegmentSupply;
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
      const { size } = fstatSync(fd); // recovery cut it to what is whole
      this.#segments.set(number, { number, path, fd, bytes: size, used: size });
    }
    const number = (sealed.at(-1)?.number ?? 0) + 1;
    this.#supply = new SegmentSupply({
      ...options,
      onStarved: (error) => {
        options.onStarved(error);
        options.onSegment();
      },
    });
    this.#current = this.#supply.first(number);
    this.#begin(this.#current);
  }

  /** Bytes of all segments but the one being written, dead records included. */
  get sealedBytes(): number {
    let bytes = 0;
    for (const { used } of this.#segments.values()) bytes += used ?? 0;
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

  /** Why nothing can be written any more. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** No further segment can be made. */
  get isStarved(): boolean {
    return this.#supply.failure !== undefined;
  }

  /**
   * Adds one record. It is in the log's order at once and durable when {@link whenDurable} says so.
   * What makes the store larger is refused on a full disk while there is still room for receives and
   * removals, which make it smaller again.
   * @returns its position, for {@link read}
   * @throws StorageError when no segment can be made (disk full) or a write failed; RangeError for a
   * record that no reader would take for one. Nothing was added then
   */
  append(payload: Buffer, purpose: Purpose): number {
    if (this.#failure) throw this.#failure;
    if (payload.length > maxPayloadBytes) {
      throw new RangeError(`a record of ${payload.length} bytes, the most are ${maxPayloadBytes}`);
    }
    const frameBytes = frameHeaderBytes + payload.length;
    const { failure } = this.#supply;
    const room = this.#current.bytes * (1 - leftFree[purpose]);
    if (failure && purpose !== 'settle' && this.#offset + frameBytes > room) {
      this.#supply.prepare(this.#current);
      throw failure;
    }
    if (this.#offset + frameBytes > this.#current.bytes) this.#rotate(frameBytes);
    const batch = this.#openBatch(frameBytes);
    writeFrame(batch.buffer, batch.length, payload, this.#settled);
    batch.length += frameBytes;
    const position = this.#current.number * positionStride + this.#offset;
    this.#offset += frameBytes;
    this.#schedule();
    return position;
  }

  /**
   * Calls back when everything appended so far is on disk. With sync off: at once, unless the disk is so
   * far behind that what waits for it would fill the memory.
   */
  whenDurable(callback: DurableCallback): void {
    const unwritten = this.#batches.reduce((bytes, { length }) => bytes + length, 0);
    if (this.#options.durable || unwritten > mostUnwrittenBytes) this.#whenWritten(callback);
    else callback(this.#failure);
  }

  /** Waits until everything appended so far was written, also when sync is off. */
  written(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#whenWritten((error) => (error ? reject(error) : resolve()));
    });
  }

  /**
   * The payload of the frame at `position`; the buffer is valid until the next call.
   * @throws DamagedRecordError when the record has decayed on the disk
   */
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
    // Compaction leaves damaged records out, and then drops their segment.
    if (!segment) throw new DamagedRecordError(`a record of segment ${number} was damaged`);
    const frameBytes = frameHeaderBytes + payloadBytes;
    if (this.#readBuffer.length < frameBytes) this.#readBuffer = Buffer.allocUnsafe(frameBytes * 2);
    const frame = this.#readBuffer.subarray(0, frameBytes);
    readSync(segment.fd, frame, 0, frameBytes, offset - frameHeaderBytes);
    if (validPayloadEnd(frame, 0) !== frameBytes) {
      throw new DamagedRecordError(`the record at byte ${offset} of ${segment.path} is damaged`);
    }
    return frame.subarray(frameHeaderBytes);
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
    await this.written().catch(() => undefined); // a failure was reported when it happened
    // The system gives the numbers of closed files to others, which a late record must not reach.
    this.#failure ??= new Error('the log is closed');
    await this.#supply.close();
    for (const { fd } of this.#segments.values()) closeSync(fd);
  }

  #whenWritten(callback: DurableCallback): void {
    const last = this.#batches.at(-1);
    if (this.#failure || !last) callback(this.#failure);
    else last.waiters.push(callback);
  }

  #rotate(frameBytes: number): void {
    const next = this.#supply.take(this.#current, segmentHeaderBytes + frameBytes);
    this.#current.used = this.#offset;
    this.#begin(next);
    this.#options.onSegment();
  }

  #begin(segment: Segment): void {
    this.#current = segment;
    this.#segments.set(segment.number, segment);
    this.#offset = 0;
    this.#settled = 0;
    const header = segmentHeader(segment.number, this.#options.nextSequence());
    const batch = this.#openBatch(header.length);
    header.copy(batch.buffer, batch.length);
    batch.length += header.length;
    this.#offset = header.length;
    this.#schedule();
  }

  #openBatch(frameBytes: number): Batch {
    const last = this.#batches.at(-1);
    const open = this.#writing && this.#batches.length === 1 ? undefined : last;
    if (open?.segment === this.#current) {
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
    const segment = this.#current;
    const batch: Batch = { segment, start: this.#offset, buffer, length: 0, waiters: [] };
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

  /** One write at a time: two were no faster, and a crash could leave a hole between them. */
  #flush(): void {
    const batch = this.#batches[0];
    if (!batch || this.#writing || this.#failure) return;
    this.#writing = true;
    this.#writeOut(batch, 0);
    if (this.#offset > this.#current.bytes / 2) this.#supply.prepare(this.#current);
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
    if (batch.segment === this.#current) this.#settled = batch.start + batch.length;
    if (batch.buffer.length <= largestSpareBytes) this.#spareBuffer = batch.buffer;
    for (const waiter of batch.waiters) waiter();
    this.#flush();
  }

  #fail(error: Error): void {
    const failure = new StorageError(
      'Writing to disk failed; every request is refused until the broker is started again.',
      error,
    );
    this.#failure = failure;
    const waiters = this.#batches.flatMap((batch) => batch.waiters);
    this.#batches = [];
    this.#options.onFailure(failure);
    for (const waiter of waiters) waiter(failure);
  }
}
