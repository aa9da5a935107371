import type { Survivors } from '../store/compact.ts';
import type { MessageRecord, SentRecord } from '../store/records.ts';
import { DamagedRecordError } from '../store/storage-error.ts';
import { dedupMilliseconds } from './dedup.ts';
import { Documents } from './documents.ts';
import { HeldMessages, type NewMessage } from './held-messages.ts';
import type { Journal } from './journal.ts';
import { none } from './messages.ts';
import type { Lane, Queue } from './queue.ts';
import { QueueRegistry } from './registry.ts';

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
export type RedriveOutcome = 'moved' | 'empty' | 'no target';

// AWS: messages in flight of one queue, of either kind.
const mostInFlight = 120_000;
const sweepMilliseconds = 60_000;

/** The queues and what may be done with them. All times are milliseconds since 1970 from `now`. */
export class Engine implements Survivors {
  readonly now: () => number;
  readonly messages: HeldMessages;
  readonly documents: Documents;
  readonly queues: QueueRegistry;
  /** When a name was last deleted, for AWS's rule of 60 s; not kept across restarts. */
  readonly deletedQueues = new Map<string, number>();
  readonly #journal: Journal;
  readonly #onDamage: (error: DamagedRecordError) => void;
  /** Queues that messages came to, whose long polls are to be served. */
  readonly #toWake = new Set<Queue>();
  #servesLater = false;
  #nextSweep = 0;

  constructor(
    journal: Journal,
    now: () => number,
    arnOf: (name: string) => string,
    onDamage: (error: DamagedRecordError) => void,
  ) {
    this.#journal = journal;
    this.#onDamage = onDamage;
    this.now = now;
    this.messages = new HeldMessages(journal);
    this.documents = new Documents(journal);
    const { table, deadlines } = this.messages;
    this.queues = new QueueRegistry(this.documents, table, deadlines, arnOf);
  }

  /** Forgets the queue and its messages. */
  deleteQueue(queue: Queue): void {
    this.queues.remove(queue);
    this.messages.clear(queue);
    for (const waiter of [...queue.waiters]) waiter.giveUp();
  }

  /** Removes every message, hidden ones too, and what is remembered of earlier sends. */
  purge(queue: Queue): void {
    this.#journal.purge(queue.number, this.messages.nextSequence);
    this.messages.clear(queue);
    queue.purgedAt = this.now();
  }

  /** Stores a message. @returns its sequence number */
  send(queue: Queue, message: NewMessage): number {
    return this.messages.add(queue, message, this.now());
  }

  /** Leases up to `max` messages for `visibilityTimeout` milliseconds. @returns their slots */
  receive(queue: Queue, max: number, visibilityTimeout: number): number[] {
    this.advance();
    const servesLater = this.#servesLater;
    this.#servesLater = true;
    try {
      return this.#take(queue, max, visibilityTimeout);
    } finally {
      this.#servesLater = servesLater;
      this.#serveLongPolls();
    }
  }

  /** Serves the long polls of a queue that messages came to. */
  wake(queue: Queue): void {
    this.#toWake.add(queue);
    this.#serveLongPolls();
  }

  remove(queue: Queue, receipt: Receipt): RemoveOutcome {
    this.advance();
    if (!this.#holds(queue, receipt)) return 'gone';
    if (queue.fifo && this.#hasExpired(queue, receipt)) return 'expired';
    this.messages.drop(receipt.slot);
    this.wake(queue);
    return 'removed';
  }

  /** Hides the message for `timeout` milliseconds from now; 0 gives it back at once. */
  changeVisibility(queue: Queue, receipt: Receipt, timeout: number): VisibilityOutcome {
    this.advance();
    if (!this.#holds(queue, receipt)) return 'gone';
    if (queue.fifo && this.#hasExpired(queue, receipt)) return 'expired';
    const now = this.now();
    this.messages.changeVisibility(receipt.slot, now + timeout, now);
    this.wake(queue);
    return 'changed';
  }

  /** True while the receipt is the message's latest and its lease has not ended. */
  isLeased(queue: Queue, receipt: Receipt): boolean {
    return this.#holds(queue, receipt) && !this.#hasExpired(queue, receipt);
  }

  /**
   * Moves one waiting dead letter on as a new message, with a new id and age, as AWS does.
   * `targetOf` is asked with the ARN of the queue it came from, when that is known.
   */
  redrive(
    queue: Queue,
    targetOf: (source: string | undefined) => Queue | undefined,
  ): RedriveOutcome {
    this.advance();
    for (;;) {
      const slot = queue.nextLane()?.head;
      if (slot === undefined) return 'empty';
      if (this.#isTooOld(slot, queue, this.now())) {
        this.messages.drop(slot);
        continue;
      }
      const target = targetOf(this.messages.sources.get(slot));
      if (!target) return 'no target';
      const content = this.readOrDrop(slot);
      if (!content) continue;
      this.messages.replace(slot, content, target, this.now());
      queue.redriven += 1;
      this.wake(target);
      return 'moved';
    }
  }

  /** Makes visible what has become so, serves its long polls, and drops what is too old. */
  advance(): void {
    const now = this.now();
    const { deadlines, lanes } = this.messages;
    for (let slot = deadlines.popDue(now); slot !== undefined; slot = deadlines.popDue(now)) {
      const lane = lanes.get(slot);
      lane.queue.show(slot, lane);
      if (lane.queue.waiters.size > 0) this.#toWake.add(lane.queue);
    }
    this.#serveLongPolls();
    if (now >= this.#nextSweep) this.#sweep(now);
  }

  /** Content and state of a message; one whose record decayed is dropped, as nobody can ever have it. */
  readOrDrop(slot: number): MessageRecord | undefined {
    try {
      return this.messages.read(slot);
    } catch (error) {
      if (!(error instanceof DamagedRecordError)) throw error;
      this.#onDamage(error);
      this.messages.drop(slot);
      return undefined;
    }
  }

  /** Disk space of what compaction would have to write again. */
  get liveBytes(): number {
    let bytes = this.messages.table.liveBytes + this.documents.bytes;
    for (const { dedup } of this.queues.all()) bytes += dedup.bytes;
    return bytes;
  }

  rewriteMessage(slot: number, position: number): void {
    this.messages.rewrite(slot, position);
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

  /**
   * Not while a receive is under way, which serving one is too: it makes further messages visible, and
   * then the long poll would be served twice, or the other receive find its lane changed.
   */
  #serveLongPolls(): void {
    if (this.#servesLater) return;
    this.#servesLater = true;
    try {
      for (const queue of this.#toWake) {
        this.#toWake.delete(queue);
        queue.wake();
      }
    } finally {
      this.#servesLater = false;
    }
  }

  #take(queue: Queue, max: number, visibilityTimeout: number): number[] {
    const taken: number[] = [];
    while (taken.length < max && queue.inFlight < mostInFlight) {
      const lane = queue.nextLane();
      if (!lane) break;
      const left = Math.min(max - taken.length, mostInFlight - queue.inFlight);
      const perTurn = !queue.fifo && queue.lanes.size > 1 ? 1 : left;
      this.#takeFrom(lane, perTurn, visibilityTimeout, taken);
      queue.rotate(lane);
    }
    return taken;
  }

  #takeFrom(lane: Lane, max: number, timeout: number, taken: number[]): void {
    const { queue } = lane;
    const now = this.now();
    let slot = lane.head;
    let left = max;
    while (slot !== none && left > 0 && queue.isVisible(slot)) {
      const following = this.messages.table.next.get(slot);
      if (this.#isTooOld(slot, queue, now)) {
        this.messages.drop(slot);
      } else if (!this.#movedToDeadLetters(slot, queue, now)) {
        this.messages.lease(slot, now, timeout);
        taken.push(slot);
        left -= 1;
      }
      slot = queue.fifo ? following : lane.head;
    }
  }

  /** AWS: not a timer but the receive after the last allowed one moves a message. */
  #movedToDeadLetters(slot: number, queue: Queue, now: number): boolean {
    const { redrive } = queue.settings;
    if (!redrive || this.messages.table.receives.get(slot) < redrive.maxReceiveCount) return false;
    const target = this.queues.byArn(redrive.target);
    if (!target || target.fifo !== queue.fifo) return false;
    this.messages.moveToDeadLetters(slot, target, this.queues.arnOf(queue), now);
    this.wake(target);
    return true;
  }

  #isTooOld(slot: number, queue: Queue, now: number): boolean {
    return this.messages.table.sentAt.get(slot) + queue.settings.retention <= now;
  }

  #holds(queue: Queue, { slot, sequence }: Receipt): boolean {
    const { table, lanes } = this.messages;
    return table.isLive(slot, sequence) && lanes.get(slot).queue === queue;
  }

  #hasExpired(queue: Queue, { slot, receives }: Receipt): boolean {
    return queue.isVisible(slot) || this.messages.table.receives.get(slot) !== receives;
  }

  #sweep(now: number): void {
    this.#nextSweep = now + sweepMilliseconds;
    for (const queue of this.queues.all()) {
      queue.dedup.forgetBefore(now - dedupMilliseconds);
      for (const lane of [...queue.lanes.values()]) {
        for (let slot = lane.head; slot !== none; slot = lane.head) {
          if (!queue.isVisible(slot) || !this.#isTooOld(slot, queue, now)) break;
          this.messages.drop(slot);
        }
      }
    }
  }
}
