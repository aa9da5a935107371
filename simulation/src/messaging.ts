import {
  DEAD_LETTER_REASON,
  type Delivery,
  deadLetterQueueOf,
  type Messaging,
  MessagingError,
  type OutgoingMessage,
  type QueueDepth,
  type QueueNames,
  type Subscription,
} from '@spillway/messaging';
import type { Broker, Taker } from './broker.ts';
import type { Kept, Taken } from './message.ts';
import type { Process } from './process.ts';
import type { Answered, Watcher } from './watcher.ts';
import type { World } from './world.ts';

export interface Connection {
  readonly world: World;
  readonly broker: Broker;
  readonly watcher: Watcher;
  readonly process: Process;
}

const error = () => new MessagingError('unavailable', 'the simulated broker does not answer');
const nameOf = ({ id, body }: Kept): string =>
  `${id} ${body.match(/"jobId":"ord_\w{20}(\w+\/[^"]+)/)?.[1] ?? ''}`;

/** The broker as one process sees it. */
export function connectMessaging(connection: Connection): Messaging {
  const { world, broker, process } = connection;
  const send = (
    what: string,
    messages: readonly OutgoingMessage[],
    take: (messages: readonly OutgoingMessage[]) => void,
  ) =>
    world.call(process, {
      part: 'broker',
      what,
      error,
      effect: () => take(messages),
      // The first ones: drivers send what must stay in order in order.
      partly: () => take(messages.slice(0, world.random.integer(messages.length))),
    });
  return {
    declare: async () => {},
    send: (queue, messages) =>
      send(`sends ${messages.length} to ${queue}`, messages, (some) =>
        broker.send(process, queue, some),
      ),
    publish: (topic, messages) =>
      send(`publishes ${messages.length} to ${topic}`, messages, (some) => broker.publish(some)),
    subscribe: (queues, { concurrency }, onDelivery) =>
      new SimulatedSubscription(connection, queues, concurrency, onDelivery),
    depth: (queue) =>
      world.call(process, {
        part: 'broker',
        what: `asks for the depth of ${queue}`,
        error,
        effect: () => depthOf(world, broker.messagesOf(queue)),
      }),
    close: async () => {},
  };
}

function depthOf({ random, faults, timeline }: World, messages: readonly Kept[]): QueueDepth {
  if (random.chance(faults.depthWrong)) {
    return { waiting: random.integer(2), inFlight: random.integer(2), delayed: 0 };
  }
  const waiting = messages.filter(({ visibleAt }) => visibleAt <= timeline.now).length;
  const inFlight = messages.filter(
    ({ visibleAt, lease }) => visibleAt > timeline.now && lease !== null,
  ).length;
  return { waiting, inFlight, delayed: messages.length - waiting - inFlight };
}

class SimulatedSubscription implements Subscription, Taker {
  readonly queues: QueueNames;
  readonly #connection: Connection;
  readonly #concurrency: number;
  readonly #onDelivery: (delivery: Delivery) => Promise<void>;
  #inHand = 0;
  #asking = false;
  #stopped = false;
  #whenIdle: () => void = () => {};

  constructor(
    connection: Connection,
    queues: QueueNames,
    concurrency: number,
    onDelivery: (delivery: Delivery) => Promise<void>,
  ) {
    const { broker, world, process } = connection;
    this.#connection = connection;
    this.queues = queues;
    this.#concurrency = concurrency;
    this.#onDelivery = onDelivery;
    broker.join(this);
    world.atDeathOf(process, () => broker.leave(this));
  }

  wake(): void {
    if (this.#asking || this.#stopped || this.#inHand >= this.#concurrency) return;
    this.#asking = true;
    const { world, process } = this.#connection;
    world.timeline.after(world.random.between(0.5, 20), process, () => this.#ask());
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#connection.broker.leave(this);
    return new Promise((resolve) => {
      if (this.#inHand === 0) resolve();
      else this.#whenIdle = resolve;
    });
  }

  #ask(): void {
    this.#asking = false;
    if (this.#stopped) return;
    const { broker, process, watcher, world } = this.#connection;
    const taken = broker.take(this.queues);
    if (!taken) return;
    this.#inHand += 1;
    const { message } = taken;
    const attempt = message.attemptsBefore + message.receives;
    world.trace?.(process.name, `takes ${nameOf(message)} (attempt ${attempt})`);
    watcher.taken(process, taken, attempt);
    void this.#onDelivery(deliveryOf(this.#connection, taken, attempt)).then(() => {
      watcher.letGo(process, taken);
      this.#inHand -= 1;
      if (this.#inHand === 0) this.#whenIdle();
      this.wake();
    });
    this.wake();
  }
}

function deliveryOf(connection: Connection, taken: Taken, attempt: number): Delivery {
  const { world, broker, process, watcher } = connection;
  const { message } = taken;
  const answer = (how: Answered, act: () => void, partly: () => void = () => {}) =>
    world.call(process, {
      part: 'broker',
      what: `answers ${nameOf(message)}: ${how}`,
      error,
      effect() {
        watcher.answered(process, taken, attempt, how);
        if (broker.holds(taken)) act();
      },
      partly,
    });
  const copy = (attemptsBefore: number, delaySeconds: number) =>
    broker.put({ ...message, attemptsBefore }, delaySeconds * 1000);
  const bury = (reason: string) =>
    broker.messagesOf(deadLetterQueueOf(message.queue)).push({
      ...message,
      attributes: { ...message.attributes, [DEAD_LETTER_REASON]: reason },
    });
  return {
    id: message.id,
    queue: message.queue,
    body: message.body,
    attributes: message.attributes,
    group: null,
    attempt,
    sentAt: message.sentAt,
    ack: () => answer('ack', () => broker.remove(taken)),
    retry: (seconds) => answer('retry', () => broker.hide(taken, seconds * 1000)),
    // Brokers that count every receipt send a copy and then delete; a crash between the two doubles it.
    postpone: (seconds) =>
      answer(
        'postpone',
        () => {
          copy(attempt - 1, seconds);
          broker.remove(taken);
        },
        () => copy(attempt - 1, seconds),
      ),
    deadLetter: (reason) =>
      answer(
        'dead letter',
        () => {
          bury(reason);
          broker.remove(taken);
        },
        () => bury(reason),
      ),
    extend: (seconds) =>
      world.call(process, {
        part: 'broker',
        what: `extends ${nameOf(message)}`,
        error,
        effect() {
          if (!broker.holds(taken)) return;
          const lost = world.random.chance(world.faults.leaseLost);
          broker.hide(taken, lost ? world.random.between(0, seconds * 1000) : seconds * 1000);
        },
      }),
  };
}
