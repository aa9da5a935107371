import type {
  LeaseRecord,
  MessageRecord,
  MoveRecord,
  Replaced,
  SentRecord,
} from '../store/records.ts';

/** Where a record is, and how much of the disk it takes. */
export interface Place {
  position: number;
  bytes: number;
}

/**
 * What the queue model needs of a store: an ordered journal. A method that throws has written nothing,
 * so the model changes its state only after the journal took the record.
 */
export interface Journal {
  message(record: MessageRecord, replaced?: Replaced): Place;
  /** Compaction writes a message again, in front of giving more space back. */
  messageAgain(record: MessageRecord): Place;
  remove(slot: number, sequence: number): void;
  lease(record: LeaseRecord): void;
  move(record: MoveRecord): void;
  purge(queue: number, belowSequence: number): void;
  /** Compaction writes a send again whose message is gone. */
  sent(record: SentRecord): Place;
  /** A `value` of `undefined` removes the document. */
  document(key: string, value: unknown): Place;
  read(place: Place): MessageRecord;
}
