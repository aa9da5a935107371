import { queueSpec, type Topology, topology } from '@spillway/contracts';
import { deadLetterQueueOf, type OutgoingMessage } from '@spillway/messaging';
import type { Kept, Taken } from './message.ts';
import type { Process } from './process.ts';
import type { Watcher } from './watcher.ts';
import type { World } from './world.ts';

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
  /** What topics have taken, in order, doubles of five minutes dropped. */
  readonly published: { topic: string; message: OutgoingMessage; at: number }[] = [];
  readonly topology: Topology = topology;
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

  publish(topic: string, messages: readonly OutgoingMessage[]): void {
    const { now } = this.#world.timeline;
    for (const message of messages) {
      const isDouble = this.published.some(
        (one) => now - one.at < 300_000 && one.message.deduplicationId === message.deduplicationId,
      );
      if (isDouble) continue;
      this.published.push({ topic, message, at: now });
      this.#watcher.published(message.body);
    }
  }

  /** A message that waits in the first queue that has any; `mine` leases it. */
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
