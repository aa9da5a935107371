import { queueSpec, topology } from '@spillway/contracts';
import { deadLetterQueueOf, type OutgoingMessage } from '@spillway/messaging';
import type { Kept, Taken } from './message.ts';
import type { Process } from './process.ts';
import type { Watcher } from './watcher.ts';
import type { World } from './world.ts';

/** A second message of an ordered topic with the same id is dropped for so long. */
const DEDUPLICATION_MS = 300_000;

/** Somebody who takes messages. */
export interface Taker {
  readonly queues: readonly string[];
  /** Something may be there: asks soon. */
  wake(): void;
}

/**
 * Queues and topics, kept in memory: what is in here survives every crash. It promises no more than
 * the port does: at least once, in no order, and a lease that may end early.
 */
export class Broker {
  readonly #world: World;
  readonly #watcher: Watcher;
  readonly #queues = new Map<string, Kept[]>();
  readonly #takers = new Set<Taker>();
  /** When a topic last took a message, by its deduplication id. */
  readonly #published = new Map<string, number>();
  #count = 0;

  constructor(world: World, watcher: Watcher) {
    this.#world = world;
    this.#watcher = watcher;
    for (const { name } of topology.queues) {
      this.#queues.set(name, []);
      this.#queues.set(deadLetterQueueOf(name), []);
    }
  }

  messagesOf(queue: string): Kept[] {
    const messages = this.#queues.get(queue);
    if (!messages) throw new Error(`no queue ${queue}`);
    return messages;
  }

  /** Messages that wait, are in hand or come later; dead letters do not count. */
  get size(): number {
    return topology.queues.reduce((sum, { name }) => sum + this.messagesOf(name).length, 0);
  }

  send(process: Process, queue: string, messages: readonly OutgoingMessage[]): void {
    for (const { body, attributes = {}, delaySeconds = 0 } of messages) {
      const fresh = { queue, body, attributes, sentAt: new Date(), attemptsBefore: 0 };
      this.#watcher.sent(process, queue, body);
      const { random, faults, trace } = this.#world;
      if (random.chance(faults.vanishes)) trace?.('broker', `loses a message of ${queue}`);
      else this.put(fresh, delaySeconds * 1000);
      if (random.chance(faults.duplicate)) this.put(fresh, 0);
    }
  }

  /** One more message; it may come late. */
  put(fresh: Omit<Kept, 'id' | 'receives' | 'visibleAt' | 'lease'>, delayMs: number): void {
    const { random, faults, timeline } = this.#world;
    this.#count += 1;
    const lateMs = random.chance(faults.late) ? random.between(100, 120_000) : 0;
    const visibleAt = timeline.now + delayMs + lateMs;
    const kept: Kept = { ...fresh, id: `m${this.#count}`, receives: 0, visibleAt, lease: null };
    this.messagesOf(fresh.queue).push(kept);
    this.#wakeAt(kept);
  }

  /** A double of one of the last five minutes is dropped. */
  publish(messages: readonly OutgoingMessage[]): void {
    const { now } = this.#world.timeline;
    for (const { body, deduplicationId = '' } of messages) {
      const before = this.#published.get(deduplicationId);
      if (before !== undefined && now - before < DEDUPLICATION_MS) continue;
      this.#published.set(deduplicationId, now);
      this.#watcher.published(body);
    }
  }

  /** Leases a message that waits in the first queue that has any. */
  take(queues: readonly string[]): Taken | null {
    const { random, timeline, faults } = this.#world;
    for (const queue of queues) {
      const ready = this.messagesOf(queue).filter(({ visibleAt }) => visibleAt <= timeline.now);
      while (ready.length > 0) {
        const [message] = ready.splice(random.integer(ready.length), 1);
        if (!message || this.#wasTakenTooOften(message)) continue;
        const leaseMs = queueSpec(queue).leaseSeconds * 1000;
        const early = random.chance(faults.leaseLost);
        message.receives += 1;
        message.visibleAt = timeline.now + (early ? random.between(0, leaseMs) : leaseMs);
        this.#count += 1;
        message.lease = this.#count;
        this.#wakeAt(message);
        return { message, lease: this.#count };
      }
    }
    return null;
  }

  /** Whether the delivery still has its message; an answer that comes too late does nothing. */
  holds({ message, lease }: Taken): boolean {
    return message.lease === lease && this.messagesOf(message.queue).includes(message);
  }

  remove({ message }: Taken): void {
    const messages = this.messagesOf(message.queue);
    const place = messages.indexOf(message);
    if (place >= 0) messages.splice(place, 1);
  }

  /** It comes back after the delay, without a new lease. */
  hide({ message }: Taken, ms: number): void {
    message.visibleAt = this.#world.timeline.now + ms;
    this.#wakeAt(message);
  }

  join(taker: Taker): void {
    this.#takers.add(taker);
    taker.wake();
  }

  leave(taker: Taker): void {
    this.#takers.delete(taker);
  }

  #wasTakenTooOften(message: Kept): boolean {
    if (message.receives < queueSpec(message.queue).maxDeliveries) return false;
    this.#world.trace?.('broker', `puts ${message.id} of ${message.queue} aside`);
    this.remove({ message, lease: 0 });
    this.messagesOf(deadLetterQueueOf(message.queue)).push(message);
    return true;
  }

  #wakeAt(message: Kept): void {
    const wake = () => {
      for (const taker of this.#takers) if (taker.queues.includes(message.queue)) taker.wake();
    };
    this.#world.timeline.at(message.visibleAt, null, wake);
  }
}
