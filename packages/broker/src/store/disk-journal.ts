import type { Journal, Place } from '../queue/journal.ts';
import type { Log } from './log.ts';
import {
  decodeMessage,
  type LeaseRecord,
  type MessageRecord,
  type MoveRecord,
  RecordEncoder,
  type Replaced,
  type SentRecord,
} from './records.ts';

/** The journal of the queue model, on the log. */
export class DiskJournal implements Journal {
  readonly #encoder = new RecordEncoder();
  #log: Log | undefined;

  /** The log begins after recovery, which the model is built from. */
  attach(log: Log): void {
    this.#log = log;
  }

  message(record: MessageRecord, replaced?: Replaced): Place {
    return this.#append(this.#encoder.message(record, replaced), true);
  }

  messageAgain(record: MessageRecord): Place {
    return this.#append(this.#encoder.message(record));
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

  read(place: Place): MessageRecord {
    return decodeMessage(this.#open().read(place.position, place.bytes));
  }

  #append(payload: Buffer, makesLarger = false): Place {
    return { position: this.#open().append(payload, makesLarger), bytes: payload.length };
  }

  #open(): Log {
    if (!this.#log) throw new Error('the journal is not open');
    return this.#log;
  }
}
