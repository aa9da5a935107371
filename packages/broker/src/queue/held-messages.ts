import { randomUUID } from 'node:crypto';
import type { MessageRecord, Replaced } from '../store/records.ts';
import { Deadlines } from './deadlines.ts';
import type { Journal } from './journal.ts';
import { Lanes } from './lanes.ts';
import { MessageTable } from './messages.ts';
import type { Queue } from './queue.ts';

/** A message to be sent; the caller has checked it. */
export interface NewMessage {
  id: string;
  md5: string;
  body: string;
  group: string;
  dedupKey: string;
  meta: string;
  /** Milliseconds. */
  delay: number;
}

/**
 * The messages of all queues: each change goes to the journal first and is then made in memory, in one
 * turn of the event loop. Which message to take when is the engine's business.
 */
export class HeldMessages {
  readonly table = new MessageTable();
  readonly deadlines = new Deadlines(this.table);
  readonly lanes = new Lanes(this.table);
  /** ARN of the dead-letter source of the messages that have one. */
  readonly sources = new Map<number, string>();
  readonly #journal: Journal;
  #nextSequence = 1;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get nextSequence(): number {
    return this.#nextSequence;
  }

  takeSequence(): number {
    const sequence = this.#nextSequence;
    this.#nextSequence += 1;
    return sequence;
  }

  /** During recovery: numbers below `sequence` are used up. */
  reserveSequence(sequence: number): void {
    this.#nextSequence = Math.max(this.#nextSequence, sequence);
  }

  /** Adds a message at the end of its lane. @returns its sequence number */
  add(queue: Queue, message: NewMessage, now: number, replaced?: Replaced): number {
    const { table } = this;
    const slot = table.nextSlot();
    const sequence = this.#nextSequence;
    const { delay, ...content } = message;
    const visibleAt = now + delay;
    const state = { slot, sequence, queue: queue.number, sentAt: now, visibleAt };
    const received = { receives: 0, firstReceivedAt: 0, source: '' };
    const place = this.#journal.message({ ...state, ...content, ...received }, replaced);
    this.#nextSequence += 1;
    table.occupy(slot, sequence, place.position, place.bytes);
    table.sentAt.set(slot, now);
    table.visibleAt.set(slot, visibleAt);
    table.receives.set(slot, 0);
    table.firstReceivedAt.set(slot, 0);
    if (message.dedupKey !== '') {
      const { position } = place;
      queue.dedup.remember(message.dedupKey, { id: message.id, sequence, sentAt: now, position });
    }
    queue.arrive(slot, this.lanes.of(queue, message.group), visibleAt, now);
    return sequence;
  }

  /** Content and state of a message; ids and text from the journal, the rest as it is now. */
  read(slot: number): MessageRecord {
    const { table } = this;
    const place = { position: table.position.get(slot), bytes: table.bytes.get(slot) };
    const record = this.#journal.read(place);
    record.sequence = table.sequence.get(slot);
    record.sentAt = table.sentAt.get(slot);
    record.receives = table.receives.get(slot);
    record.firstReceivedAt = table.firstReceivedAt.get(slot);
    record.visibleAt = table.visibleAt.get(slot);
    record.queue = this.lanes.get(slot).queue.number;
    record.source = this.sources.get(slot) ?? '';
    return record;
  }

  /** Gives the message out once more. */
  lease(slot: number, now: number, timeout: number): void {
    const { table } = this;
    const receives = table.receives.get(slot) + 1;
    const first = table.firstReceivedAt.get(slot) || now;
    this.#writeLease(slot, now + timeout, receives, first);
    table.receives.set(slot, receives);
    table.firstReceivedAt.set(slot, first);
    const lane = this.lanes.get(slot);
    lane.queue.hide(slot, lane, now + timeout);
  }

  /** Hides the message until `visibleAt`, or gives it back when that is not later than now. */
  changeVisibility(slot: number, visibleAt: number, now: number): void {
    const { receives, firstReceivedAt, visibleAt: kept } = this.table;
    this.#writeLease(slot, visibleAt, receives.get(slot), firstReceivedAt.get(slot));
    kept.set(slot, visibleAt); // compaction writes what is kept, also of a message that is visible
    const lane = this.lanes.get(slot);
    if (visibleAt > now) lane.queue.hide(slot, lane, visibleAt);
    else if (!lane.queue.isVisible(slot)) lane.queue.show(slot, lane);
  }

  drop(slot: number): void {
    this.#journal.remove(slot, this.table.sequence.get(slot));
    this.#release(slot);
  }

  /** Moves a visible message as a dead letter, in one record; its content stays where it is. */
  moveToDeadLetters(slot: number, target: Queue, source: string, now: number): void {
    const { table } = this;
    const lane = this.lanes.get(slot);
    const sequence = table.sequence.get(slot);
    const newSequence = this.#nextSequence;
    // AWS: a standard queue's message keeps its age, a FIFO queue's starts anew.
    const sentAt = lane.queue.fifo ? now : table.sentAt.get(slot);
    this.#journal.move({ slot, sequence, newSequence, queue: target.number, sentAt, source });
    this.#nextSequence += 1;
    lane.queue.leave(slot, lane);
    this.lanes.tidy(lane);
    table.place(slot, newSequence, table.position.get(slot), table.bytes.get(slot));
    table.sentAt.set(slot, sentAt);
    this.sources.set(slot, source);
    target.arrive(slot, this.lanes.of(target, lane.group), now, now);
  }

  /** Puts a new message with the content of `slot` into `target`, in its place, in one record. */
  replace(slot: number, content: MessageRecord, target: Queue, now: number): void {
    const { sequence, md5, body, group, dedupKey, meta } = content;
    const message = { id: randomUUID(), md5, body, group, dedupKey, meta, delay: 0 };
    this.add(target, message, now, { slot, sequence });
    this.#release(slot);
  }

  /** Takes every message out of a queue; the caller has written that it does. */
  clear(queue: Queue): void {
    for (let slot = 0; slot < this.table.used; slot += 1) {
      if (this.table.sequence.get(slot) > 0 && this.lanes.get(slot).queue === queue) {
        this.#release(slot);
      }
    }
    for (const lane of [...queue.lanes.values()]) this.lanes.forget(lane);
    queue.dedup.clear();
  }

  /** During compaction: writes the message again if this place is its latest. */
  rewrite(slot: number, position: number): void {
    const { table } = this;
    const sequence = slot < table.used ? table.sequence.get(slot) : 0;
    if (sequence === 0 || table.position.get(slot) !== position) return;
    const place = this.#journal.messageAgain(this.read(slot));
    table.place(slot, sequence, place.position, place.bytes);
  }

  #writeLease(slot: number, visibleAt: number, receives: number, firstReceivedAt: number): void {
    const sequence = this.table.sequence.get(slot);
    this.#journal.lease({ slot, sequence, visibleAt, receives, firstReceivedAt });
  }

  #release(slot: number): void {
    const lane = this.lanes.get(slot);
    lane.queue.leave(slot, lane);
    this.lanes.tidy(lane);
    this.table.release(slot);
    if (this.sources.size > 0) this.sources.delete(slot);
  }
}
