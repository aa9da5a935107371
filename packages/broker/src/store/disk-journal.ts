import type { Journal, Place } from '../queue/journal.ts';
import type { Log, Purpose } from './log.ts';
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
  #log: Pick<Log, 'append' | 'read'> | undefined;

  /** The log begins after recovery, which the model is built from. */
  attach(log: Pick<Log, 'append' | 'read'>): void {
    this.#log = log;
  }

  message(record: MessageRecord, replaced?: Replaced): Place {
    return this.#append(this.#encoder.message(record, replaced), 'send');
  }

  messageAgain(record: MessageRecord): Place {
    return this.#append(this.#encoder.message(record), 'rewrite');
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
    return this.#append(this.#encoder.sent(record), 'rewrite');
  }

  document(key: string, value: unknown): Place {
    return this.#append(this.#encoder.document(key, value));
  }

  read(place: Place): MessageRecord {
    return decodeMessage(this.#open().read(place.position, place.bytes));
  }

  #append(payload: Buffer, purpose: Purpose = 'settle'): Place {
    return { position: this.#open().append(payload, purpose), bytes: payload.length };
  }

  #open(): Pick<Log, 'append' | 'read'> {
    if (!this.#log) throw new Error('the journal is not open');
    return this.#log;
  }
}
