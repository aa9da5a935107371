import { DiskJournal } from '../src/store/disk-journal.ts';
import { decodeRecord, type RecordSink } from '../src/store/records.ts';

/** The log without a disk: the same bytes, in an array. */
export class MemoryLog {
  readonly journal = new DiskJournal();
  /** Appending fails, as on a full disk. */
  full = false;
  readonly #records: Buffer[] = [];

  constructor() {
    this.journal.attach(this);
  }

  append(payload: Buffer): number {
    if (this.full) throw new Error('no space');
    this.#records.push(Buffer.from(payload));
    return this.#records.length;
  }

  read(position: number): Buffer {
    return this.#records[position - 1] as Buffer;
  }

  get length(): number {
    return this.#records.length;
  }

  /** `upTo`: as if a crash had cut the log after so many records. */
  replay(sink: RecordSink, upTo = this.#records.length): void {
    this.#records.slice(0, upTo).forEach((record, index) => {
      decodeRecord(record, index + 1, sink);
    });
  }
}
