import type { Survivors } from '../store/compact.ts';
import type { MessageRecord, SentRecord } from '../store/records.ts';
import { Deadlines } from './deadlines.ts';
import { dedupMilliseconds } from './dedup.ts';
import { Documents } from './documents.ts';
import type { Journal } from './journal.ts';
import { Lanes } from './lanes.ts';
import { MessageTable, none } from './messages.ts';
import type { Lane, Queue } from './queue.ts';
import { QueueRegistry } from './registry.ts';

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

/** What a receipt handle points at. */
export interface Receipt {
  queue: number;
  slot: number;
  sequence: number;
  /** The receive that gave the handle out. */
  receives: number;
}

export type RemoveOutcome = 'removed' | 'gone' | 'expired';
export type VisibilityOutcome = 'changed' | 'gone' | 'expired';

// AWS: messages in flight of one queue.
const inFlightLimits = { standard: 120_000, fifo: 20_000 };
const sweepMilliseconds = 60_000;

/**
 * The queues and their messages. Every change is written to the journal first and then made in
 * memory, in one turn of the event loop. All times are milliseconds since 1970 from `now`.
 */
export class Engine implements Survivors {
  readonly table = new MessageTable();
  readonly deadlines = new Deadlines(this.table);
  readonly lanes = new Lanes(this.table);
  readonly documents: Documents;
  readonly queues: QueueRegistry;
  /** ARN of the dead-letter source of the messages that have one. */
  readonly sources = new Map<number, string>();
  /** When a name was last deleted, for AWS's rule of 60 s; not kept across restarts. */
  readonly deletedQueues = new Map<string, number>();
  readonly #journal: Journal;
  readonly now: () => number;
  #nextSequence = 1;
  #nextSweep = 0;

  constructor(journal: Journal, now: () => number, arnOf: (name: string) => string) {
    this.#journal = journal;
    this.now = now;
    this.documents = new Documents(journal);
    this.queues = new QueueRegistry(this.documents, this.table, this.deadlines, arnOf);
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

  /** Forgets the queue and its messages. */
  deleteQueue(queue: Queue): void {
    this.queues.remove(queue);
    this.#clear(queue);
    this.deletedQueues.set(queue.name, this.now());
    for (const waiter of [...queue.waiters]) waiter.giveUp();
  }

  /** Removes every message, hidden ones too, and what is remembered of earlier sends. */
  purge(queue: Queue): void {
    this.#journal.purge(queue.number, this.#nextSequence);
    this.#clear(queue);
    queue.purgedAt = this.now();
  }

  /** Stores a message. @returns its sequence number */
  send(queue: Queue, message: NewMessage): number {
    const now = this.now();
    const slot = this.table.nextSlot();
    const sequence = this.#nextSequence;
    const { delay, ...content } = message;
    const visibleAt = now + delay;
    const state = { slot, sequence, queue: queue.number, sentAt: now, visibleAt };
    const received = { receives: 0, firstReceivedAt: 0, source: '' };
    const place = this.#journal.message({ ...state, ...content, ...received });
    this.#nextSequence += 1;
    this.table.occupy(slot, sequence, place.position, place.bytes);
    this.table.sentAt.set(slot, now);
    this.table.visibleAt.set(slot, visibleAt);
    this.table.receives.set(slot, 0);
    this.table.firstReceivedAt.set(slot, 0);
    if (message.dedupKey !== '') {
      const { id } = message;
      queue.dedup.remember(message.dedupKey, { id, sequence, sentAt: now, ...place });
    }
    queue.arrive(slot, this.lanes.of(queue, message.group), visibleAt, now);
    return sequence;
  }

  /** Leases up to `max` messages for `visibilityTimeout` milliseconds. @returns their slots */
  receive(queue: Queue, max: number, visibilityTimeout: number): number[] {
    this.advance();
    const now = this.now();
    const limit = queue.fifo ? inFlightLimits.fifo : inFlightLimits.standard;
    const taken: number[] = [];
    while (taken.length < max && queue.inFlight < limit) {
      const lane = queue.nextLane();
      if (!lane) break;
      const perTurn = queue.fifo ? max - taken.length : queue.lanes.size > 1 ? 1 : max;
      this.#takeFrom(lane, Math.min(perTurn, max - taken.length), now, visibilityTimeout, taken);
      queue.rotate(lane);
    }
    return taken;
  }

  remove(queue: Queue, receipt: Receipt): RemoveOutcome {
    this.advance();
    const { slot } = receipt;
    if (!this.#holds(queue, receipt)) return 'gone';
    if (queue.fifo && this.#hasExpired(queue, receipt)) return 'expired';
    this.#drop(slot);
    queue.wake();
    return 'removed';
  }

  /** Sets the time until which the message is hidden, from now; 0 gives it back at once. */
  changeVisibility(queue: Queue, receipt: Receipt, timeout: number): VisibilityOutcome {
    this.advance();
    const { slot } = receipt;
    if (!this.#holds(queue, receipt)) return 'gone';
    if (queue.fifo && this.#hasExpired(queue, receipt)) return 'expired';
    const visibleAt = this.now() + timeout;
    const { receives, firstReceivedAt } = this.table;
    this.#writeLease(slot, visibleAt, receives.get(slot), firstReceivedAt.get(slot));
    const lane = this.lanes.get(slot);
    if (timeout > 0) queue.hide(slot, lane, visibleAt);
    else if (!queue.isVisible(slot)) queue.show(slot, lane);
    queue.wake();
    return 'changed';
  }

  /** Makes visible what has become so, serves its long polls, and drops what is too old. */
  advance(): void {
    const now = this.now();
    let touched: Set<Queue> | undefined;
    for (let slot = this.deadlines.popDue(now); slot !== undefined; ) {
      const lane = this.lanes.get(slot);
      lane.queue.show(slot, lane);
      if (lane.queue.waiters.size > 0) {
        touched ??= new Set();
        touched.add(lane.queue);
      }
      slot = this.deadlines.popDue(now);
    }
    for (const queue of touched ?? []) queue.wake();
    if (now >= this.#nextSweep) this.#sweep(now);
  }

  /** Content and state of a message; ids and text from disk, the rest as it is now. */
  read(slot: number): MessageRecord {
    const { position, bytes } = this.table;
    const record = this.#journal.read({ position: position.get(slot), bytes: bytes.get(slot) });
    record.sequence = this.table.sequence.get(slot);
    record.sentAt = this.table.sentAt.get(slot);
    record.receives = this.table.receives.get(slot);
    record.firstReceivedAt = this.table.firstReceivedAt.get(slot);
    record.visibleAt = this.table.visibleAt.get(slot);
    record.queue = this.lanes.get(slot).queue.number;
    record.source = this.sources.get(slot) ?? '';
    return record;
  }

  /** Disk space of what compaction would have to write again. */
  get liveBytes(): number {
    return this.table.liveBytes + this.documents.bytes;
  }

  rewriteMessage(slot: number, position: number): void {
    const sequence = slot < this.table.used ? this.table.sequence.get(slot) : 0;
    if (sequence === 0 || this.table.position.get(slot) !== position) return;
    const place = this.#journal.message(this.read(slot));
    this.table.place(slot, sequence, place.position, place.bytes);
  }

  rewriteSend(record: SentRecord, position: number): void {
    const dedup = this.queues.byNumber(record.queue)?.dedup;
    const send = dedup?.get(record.key);
    if (send?.position !== position || send.sentAt + dedupMilliseconds <= this.now()) return;
    send.position = this.#journal.sent(record).position;
  }

  rewriteDocument(key: string, position: number): void {
    this.documents.rewrite(key, position);
  }

  #takeFrom(lane: Lane, max: number, now: number, timeout: number, taken: number[]): void {
    const { queue } = lane;
    let slot = lane.head;
    let left = max;
    while (slot !== none && left > 0 && queue.isVisible(slot)) {
      const following = this.table.next.get(slot);
      if (this.#isTooOld(slot, now)) {
        this.#drop(slot);
      } else if (!this.#movedToDeadLetters(slot, lane, now)) {
        this.#lease(slot, lane, now, timeout);
        taken.push(slot);
        left -= 1;
      }
      slot = queue.fifo ? following : lane.head;
    }
  }

  #lease(slot: number, lane: Lane, now: number, timeout: number): void {
    const receives = this.table.receives.get(slot) + 1;
    const first = this.table.firstReceivedAt.get(slot) || now;
    this.#writeLease(slot, now + timeout, receives, first);
    this.table.receives.set(slot, receives);
    this.table.firstReceivedAt.set(slot, first);
    lane.queue.hide(slot, lane, now + timeout);
  }

  #writeLease(slot: number, visibleAt: number, receives: number, firstReceivedAt: number): void {
    const sequence = this.table.sequence.get(slot);
    this.#journal.lease({ slot, sequence, visibleAt, receives, firstReceivedAt });
  }

  /** AWS: not a timer but the receive after the last allowed one moves a message. */
  #movedToDeadLetters(slot: number, lane: Lane, now: number): boolean {
    const { queue } = lane;
    const { redrive } = queue.settings;
    if (!redrive || this.table.receives.get(slot) < redrive.maxReceiveCount) return false;
    const target = this.queues.byArn(redrive.target);
    if (!target || target.fifo !== queue.fifo) return false;
    const source = this.queues.arnOf(queue);
    const sequence = this.table.sequence.get(slot);
    const newSequence = this.#nextSequence;
    // AWS: a standard queue's message keeps its age, a FIFO queue's starts anew.
    const sentAt = queue.fifo ? now : this.table.sentAt.get(slot);
    this.#journal.move({ slot, sequence, newSequence, queue: target.number, sentAt, source });
    this.#nextSequence += 1;
    queue.leave(slot, lane);
    this.lanes.tidy(lane);
    const { position, bytes } = this.table;
    this.table.place(slot, newSequence, position.get(slot), bytes.get(slot));
    this.table.sentAt.set(slot, sentAt);
    this.sources.set(slot, source);
    target.arrive(slot, this.lanes.of(target, lane.group), now, now);
    target.wake();
    return true;
  }

  #isTooOld(slot: number, now: number): boolean {
    return this.table.sentAt.get(slot) + this.lanes.get(slot).queue.settings.retention <= now;
  }

  #holds(queue: Queue, { slot, sequence }: Receipt): boolean {
    return this.table.isLive(slot, sequence) && this.lanes.get(slot).queue === queue;
  }

  #hasExpired(queue: Queue, { slot, receives }: Receipt): boolean {
    return queue.isVisible(slot) || this.table.receives.get(slot) !== receives;
  }

  #drop(slot: number): void {
    this.#journal.remove(slot, this.table.sequence.get(slot));
    const lane = this.lanes.get(slot);
    lane.queue.leave(slot, lane);
    this.#release(slot);
    this.lanes.tidy(lane);
  }

  #release(slot: number): void {
    this.table.release(slot);
    if (this.sources.size > 0) this.sources.delete(slot);
  }

  #clear(queue: Queue): void {
    for (let slot = 0; slot < this.table.used; slot += 1) {
      if (this.table.sequence.get(slot) === 0) continue;
      const lane = this.lanes.get(slot);
      if (lane.queue !== queue) continue;
      queue.leave(slot, lane);
      this.#release(slot);
    }
    for (const lane of [...queue.lanes.values()]) this.lanes.forget(lane);
    queue.dedup.clear();
  }

  #sweep(now: number): void {
    this.#nextSweep = now + sweepMilliseconds;
    for (const queue of this.queues.all()) {
      queue.dedup.forgetBefore(now - dedupMilliseconds);
      for (const lane of [...queue.lanes.values()]) {
        for (let slot = lane.head; slot !== none; slot = lane.head) {
          if (!queue.isVisible(slot) || !this.#isTooOld(slot, now)) break;
          this.#drop(slot);
        }
      }
    }
  }
}
