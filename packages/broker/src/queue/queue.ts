import type { Deadlines } from './deadlines.ts';
import { DedupTable } from './dedup.ts';
import { type MessageTable, none, SlotList } from './messages.ts';
import { type QueueDocument, type QueueSettings, settingsOf } from './settings.ts';

/** A long poll. The oldest one is served first. */
export interface Waiter {
  /** Takes messages if it can; false when there was nothing for it. */
  serve(): boolean;
  /** Answers with nothing: the broker stops, or the queue is gone. */
  giveUp(): void;
}

/**
 * The messages of one message group; in a standard queue, of one tenant. Messages without a group
 * share the lane ''. In a FIFO queue `waiting` holds every message of the group in order, in flight or
 * not: its head decides. In a standard queue it holds the visible ones only, and `returned` those
 * whose lease ended, which go first.
 */
export class Lane {
  readonly queue: Queue;
  readonly group: string;
  readonly id: number;
  readonly waiting: SlotList;
  readonly returned: SlotList;
  inFlight = 0;
  count = 0;

  constructor(queue: Queue, group: string, id: number, table: MessageTable) {
    this.queue = queue;
    this.group = group;
    this.id = id;
    this.waiting = new SlotList(table);
    this.returned = new SlotList(table);
  }

  /** The message that would be received first; it may be in flight in a FIFO queue. */
  get head(): number {
    return this.returned.isEmpty ? this.waiting.head : this.returned.head;
  }
}

// AWS: a tenant is noisy while it holds more than a tenth of the messages in flight, and at least 30.
const noisyShare = 0.1;
const noisyMinimum = 30;

/** One queue: its lanes, who may be served next, and its counters. Knows no journal and no clock. */
export class Queue {
  readonly number: number;
  readonly name: string;
  readonly fifo: boolean;
  document: QueueDocument;
  settings: QueueSettings;
  waiting = 0;
  inFlight = 0;
  delayed = 0;
  purgedAt = 0;
  /** Messages that the queue's move task has moved and not yet counted (see {@link MoveTask.moved}). */
  redriven = 0;
  readonly waiters = new Set<Waiter>();
  readonly dedup = new DedupTable();
  readonly lanes = new Map<string, Lane>();
  readonly #ready = new Set<Lane>();
  readonly #table: MessageTable;
  readonly #deadlines: Deadlines;

  constructor(document: QueueDocument, table: MessageTable, deadlines: Deadlines) {
    this.number = document.number;
    this.name = document.name;
    this.fifo = document.name.endsWith('.fifo');
    this.document = document;
    this.settings = settingsOf(document.attributes);
    this.#table = table;
    this.#deadlines = deadlines;
  }

  configure(document: QueueDocument): void {
    this.document = document;
    this.settings = settingsOf(document.attributes);
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** The lane to serve next: quiet tenants before noisy ones, otherwise in turn. */
  nextLane(): Lane | undefined {
    let noisy: Lane | undefined;
    for (const lane of this.#ready) {
      if (this.fifo || lane.group === '' || !this.#isNoisy(lane)) return lane;
      noisy ??= lane;
    }
    return noisy;
  }

  /** A lane that was served goes behind the others. */
  rotate(lane: Lane): void {
    if (this.#ready.size > 1 && this.#ready.delete(lane)) this.#ready.add(lane);
  }

  isVisible(slot: number): boolean {
    return this.#table.heapIndex.get(slot) === none;
  }

  /** Adds a message at the end of its lane, hidden when it is visible later than now. */
  arrive(slot: number, lane: Lane, visibleAt: number, now: number): void {
    this.#table.lane.set(slot, lane.id);
    lane.count += 1;
    if (this.fifo) lane.waiting.push(slot);
    if (visibleAt > now) {
      this.#deadlines.set(slot, visibleAt);
      this.#countHidden(slot, lane, 1);
    } else {
      this.waiting += 1;
      if (!this.fifo) lane.waiting.push(slot);
    }
    this.#refresh(lane);
  }

  /** Hides a message until `visibleAt`; its count of receives is already the new one. */
  hide(slot: number, lane: Lane, visibleAt: number): void {
    if (this.isVisible(slot)) {
      this.waiting -= 1;
      if (!this.fifo) this.#unlink(slot, lane);
      this.#countHidden(slot, lane, 1);
    }
    this.#deadlines.set(slot, visibleAt);
    this.#refresh(lane);
  }

  /** A hidden message may be received again. */
  show(slot: number, lane: Lane): void {
    this.#deadlines.remove(slot);
    this.#countHidden(slot, lane, -1);
    this.waiting += 1;
    if (!this.fifo) (this.#table.receives.get(slot) > 0 ? lane.returned : lane.waiting).push(slot);
    this.#refresh(lane);
  }

  /** Takes a message out of the queue. */
  leave(slot: number, lane: Lane): void {
    if (this.isVisible(slot)) {
      this.waiting -= 1;
      this.#unlink(slot, lane);
    } else {
      this.#deadlines.remove(slot);
      this.#countHidden(slot, lane, -1);
      if (this.fifo) lane.waiting.remove(slot);
    }
    lane.count -= 1;
    this.#refresh(lane);
  }

  /** Serves long polls, oldest first, while there are messages for them. */
  wake(): void {
    for (const waiter of this.waiters) {
      if (!this.hasReady) return;
      if (!waiter.serve()) return;
      this.waiters.delete(waiter);
    }
  }

  #isNoisy(lane: Lane): boolean {
    return lane.inFlight >= noisyMinimum && lane.inFlight > this.inFlight * noisyShare;
  }

  /** Hidden and received before: in flight. Hidden and never received: delayed. */
  #countHidden(slot: number, lane: Lane, change: 1 | -1): void {
    if (this.#table.receives.get(slot) > 0) {
      this.inFlight += change;
      lane.inFlight += change;
    } else {
      this.delayed += change;
    }
  }

  #unlink(slot: number, lane: Lane): void {
    const { returned } = lane;
    if (returned.head === slot || returned.tail === slot) returned.remove(slot);
    else lane.waiting.remove(slot);
  }

  #refresh(lane: Lane): void {
    const { head } = lane;
    if (head !== none && this.isVisible(head)) this.#ready.add(lane);
    else this.#ready.delete(lane);
  }
}
