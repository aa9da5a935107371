import { readFile } from 'node:fs/promises';
import type { BrokerEvent } from '../options.ts';
import { frames } from './frames.ts';
import { type Log, positionStride } from './log.ts';
import { decodeRecord, type RecordSink, type SentRecord } from './records.ts';
import { type Segment, segmentHeaderBytes } from './segment.ts';

/** What compaction asks the model: to write a record again when it is still the latest of its thing. */
export interface Survivors {
  /** Disk space of everything that would have to be written again. */
  readonly liveBytes: number;
  rewriteMessage(slot: number, position: number): void;
  rewriteSend(record: SentRecord, position: number): void;
  rewriteDocument(key: string, position: number): void;
}

/** Requests are answered in between: a turn takes a fraction of a millisecond. */
const bytesPerTurn = 256 * 1024;

/**
 * Gives disk space back while the broker runs: what still counts in the oldest segment is appended
 * again, then that segment is dropped. It is always the oldest one, so a record about a message
 * (a lease, a removal) never outlives a message record that it should follow.
 */
export class Compactor {
  readonly #log: Log;
  readonly #survivors: Survivors;
  readonly #maxSegmentBytes: number;
  readonly #report: (event: BrokerEvent) => void;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(
    log: Log,
    survivors: Survivors,
    maxSegmentBytes: number,
    report: (event: BrokerEvent) => void,
  ) {
    this.#report = report;
    this.#log = log;
    this.#survivors = survivors;
    this.#maxSegmentBytes = maxSegmentBytes;
  }

  /** More than half of the log is dead weight (a quarter on a full disk), or it lies in many files. */
  get isDue(): boolean {
    const { sealedBytes, segmentCount } = this.#log;
    const { liveBytes } = this.#survivors;
    const wasted = sealedBytes - liveBytes;
    if (wasted > Math.max(liveBytes, this.#maxSegmentBytes / 2)) return true;
    if (this.#log.isStarved && wasted > sealedBytes / 4) return true;
    return segmentCount > 16 + (2 * sealedBytes) / this.#maxSegmentBytes;
  }

  /** Compacts in the background until it is no longer due. */
  runIfDue(): void {
    if (this.#running || this.#stopped || !this.isDue) return;
    this.#running = this.#compact()
      .catch((error) => {
        const details = { cause: String(error) };
        this.#report({ level: 'error', message: 'compaction failed', details });
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Waits for the segment under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #compact(): Promise<void> {
    // The segments that exist now, at most: what is written meanwhile is the next run's work.
    for (let left = this.#log.segmentCount; left > 0 && this.isDue && !this.#stopped; left -= 1) {
      const { oldest } = this.#log;
      if (!oldest) return;
      await this.#rewrite(oldest);
      await this.#log.written();
      this.#log.dropOldest();
    }
  }

  /** @throws Error when the segment cannot be read to its end: then nothing of it may be dropped */
  async #rewrite(segment: Segment): Promise<void> {
    await this.#log.written(); // its last records may still be on their way
    const content = await readFile(segment.path);
    const base = segment.number * positionStride;
    const sink = this.#sink();
    let turnEnd = bytesPerTurn;
    const scanned = frames(content, segmentHeaderBytes, true);
    let frame = scanned.next();
    for (; !frame.done; frame = scanned.next()) {
      const { payload, offset } = frame.value;
      decodeRecord(payload, base + offset, sink);
      if (offset < turnEnd) continue;
      turnEnd = offset + bytesPerTurn;
      await new Promise<void>((turn) => setImmediate(turn));
    }
    const { end, damagedBytes } = frame.value;
    if (end !== segment.used) {
      throw new Error(`${segment.path} can be read to byte ${end} of ${segment.used}`);
    }
    if (damagedBytes > 0) {
      const details = { path: segment.path, damagedBytes };
      this.#report({ level: 'error', message: 'damaged records were left out', details });
    }
  }

  /** Only messages, sends and documents can still count; a lease or a removal is part of them. */
  #sink(): RecordSink {
    const survivors = this.#survivors;
    return {
      message({ slot, dedupKey, queue, id, sequence, sentAt }, position) {
        if (dedupKey !== '') {
          survivors.rewriteSend({ queue, key: dedupKey, id, sequence, sentAt }, position);
        }
        survivors.rewriteMessage(slot, position);
      },
      sent: (record, position) => survivors.rewriteSend(record, position),
      document: (key, _, position) => survivors.rewriteDocument(key, position),
      remove: () => undefined,
      redriven: () => undefined,
      lease: () => undefined,
      move: () => undefined,
      purge: () => undefined,
    };
  }
}
