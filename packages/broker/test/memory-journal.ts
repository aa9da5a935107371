import type { Journal, Place } from '../src/queue/journal.ts';
import {
  decodeMessage,
  decodeRecord,
  type LeaseRecord,
  type MessageRecord,
  type MoveRecord,
  RecordEncoder,
  type RecordSink,
  type Replaced,
  type SentRecord,
} from '../src/store/records.ts';

/** The journal without a disk: the same bytes, in an array. */
export class MemoryJournal implements Journal {
  readonly #encoder = new RecordEncoder();
  readonly #records: Buffer[] = [];

  message(record: MessageRecord, replaced?: Replaced): Place {
    return this.#append(this.#encoder.message(record, replaced));
  }

  messageAgain(record: MessageRecord): Place {
    return this.message(record);
  }

  remove(slot: number, sequence: number): void {
    this.#append(this.#encoder.remove(slot, sequence));
  }

  lease(record: LeaseRecord): void {
    this.#append(this.#encoder.lease(record));
  }

  move(record: MoveRecord): void {
    this.#append(this.#encoder.move(record));
  }

  purge(queue: number, belowSequence: number): void {
    this.#append(this.#encoder.purge(queue, belowSequence));
  }

  sent(record: SentRecord): Place {
    return this.#append(this.#encoder.sent(record));
  }

  document(key: string, value: unknown): Place {
    return this.#append(this.#encoder.document(key, value));
  }

  read({ position }: Place): MessageRecord {
    return decodeMessage(this.#records[position - 1] as Buffer);
  }

  replay(sink: RecordSink): void {
    this.#records.forEach((record, index) => {
      decodeRecord(record, index + 1, sink);
    });
  }

  #append(payload: Buffer): Place {
    this.#records.push(Buffer.from(payload));
    return { position: this.#records.length, bytes: payload.length };
  }
}
