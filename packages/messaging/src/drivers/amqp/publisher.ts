import type { ConfirmChannel } from 'amqplib';
import { MessagingError } from '../../port.ts';
import { type Connection, inTime } from './connection.ts';
import { propertiesOf, type Stored } from './stored.ts';

/** For the connection, and again for the confirms: a broker short of disk or memory takes nothing. */
const MOST_WAIT_MS = 5_000;
const MOST_CONFIRM_MS = 20_000;

/** A channel of one connection, and what is known of it. */
interface Open {
  readonly channel: ConfirmChannel;
  /** Rejects when the channel ends: what was not confirmed by then never will be. */
  readonly ended: Promise<never>;
  /** Ids of messages that no queue took; a return comes before its confirm. */
  readonly returned: Set<string>;
  readonly exchanges: Map<string, Promise<unknown>>;
  /** While the socket's buffer is full. */
  draining: Promise<void> | null;
}

export interface Letter {
  readonly exchange: string;
  readonly routingKey: string;
  readonly stored: Stored;
}

/** Publishes with confirms, all on one channel: a promise that resolves means that it is on disk. */
export class Publisher {
  readonly #connection: Connection;
  #open: Promise<Open> | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** To queues by name, in this order. A letter for a queue that is not there is `not_found`. */
  async toQueues(letters: readonly Omit<Letter, 'exchange'>[]): Promise<void> {
    const open = await this.#channel();
    await this.#publish(
      open,
      letters.map((letter) => ({ exchange: '', ...letter })),
      true,
    );
  }

  /** To a topic, which may have no subscription that wants them. */
  async toTopic(topic: string, messages: readonly Stored[]): Promise<void> {
    const open = await this.#channel();
    await this.#known(open, topic);
    const letters = messages.map((stored) => ({ exchange: topic, routingKey: '', stored }));
    await this.#publish(open, letters, false);
  }

  async #publish(open: Open, letters: readonly Letter[], mandatory: boolean): Promise<void> {
    const confirms: Promise<void>[] = [];
    const timeout = afterMs(MOST_CONFIRM_MS);
    try {
      for (const letter of letters) {
        while (open.draining) await Promise.race([open.draining, open.ended, timeout.rejects]);
        confirms.push(publishOne(open, letter, mandatory));
      }
      await Promise.race([Promise.all(confirms), open.ended, timeout.rejects]);
    } catch (error) {
      // Whatever is wrong with the channel, the next one gets another; a missing queue is not its fault.
      if (!(error instanceof MessagingError && error.code === 'not_found')) this.#leave(open);
      throw error;
    } finally {
      timeout.cancel();
      // One failure is told; the others are the same.
      for (const confirm of confirms) confirm.catch(() => {});
    }
  }

  #leave({ channel }: Open): void {
    this.#open = null;
    // It may be closed already.
    Promise.resolve()
      .then(() => channel.close())
      .catch(() => {});
  }

  /** Publishing to an exchange that is not there would close the channel under everyone's hands. */
  #known({ exchanges }: Open, topic: string): Promise<unknown> {
    let known = exchanges.get(topic);
    if (!known) {
      known = this.#check(topic);
      exchanges.set(topic, known);
      known.catch(() => exchanges.delete(topic));
    }
    return known;
  }

  async #check(topic: string): Promise<void> {
    const model = await this.#connection.model(AbortSignal.timeout(MOST_WAIT_MS));
    const channel = await model.createChannel();
    channel.on('error', () => {});
    await channel.checkExchange(topic);
    await channel.close();
  }

  #channel(): Promise<Open> {
    if (!this.#open) {
      const opening = this.#openChannel(() => {
        if (this.#open === opening) this.#open = null;
      });
      this.#open = opening;
    }
    return this.#open;
  }

  async #openChannel(onEnd: () => void): Promise<Open> {
    try {
      const model = await this.#connection.model(AbortSignal.timeout(MOST_WAIT_MS));
      const channel = await inTime(model.createConfirmChannel());
      const ended = new Promise<never>((_, reject) => {
        channel.on('close', () => {
          reject(new MessagingError('unavailable', 'The connection to the broker was lost'));
        });
      });
      ended.catch(() => {});
      const open: Open = {
        channel,
        ended,
        returned: new Set(),
        exchanges: new Map(),
        draining: null,
      };
      channel.on('return', ({ properties }) => open.returned.add(properties.messageId));
      // Those who wait for a confirm are told by their callbacks.
      channel.on('error', () => {});
      channel.on('close', onEnd);
      return open;
    } catch (error) {
      onEnd();
      throw error;
    }
  }
}

function publishOne(
  open: Open,
  { exchange, routingKey, stored }: Letter,
  mandatory: boolean,
): Promise<void> {
  const { channel, returned } = open;
  return new Promise((resolve, reject) => {
    const options = { ...propertiesOf(stored), mandatory };
    const goesOn = channel.publish(exchange, routingKey, stored.body, options, (err) => {
      const nowhere = returned.delete(stored.id);
      if (err) reject(err);
      else if (nowhere) reject(new MessagingError('not_found', `There is no queue ${routingKey}`));
      else resolve();
    });
    if (!goesOn) open.draining ??= drained(open);
  });
}

async function drained(open: Open): Promise<void> {
  await new Promise<void>((resolve) => {
    open.channel.once('drain', resolve);
    open.channel.once('close', resolve);
  });
  open.draining = null;
}

function afterMs(ms: number): { rejects: Promise<never>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const rejects = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new MessagingError('unavailable', `The broker confirmed nothing in ${ms} ms`)),
      ms,
    );
  });
  rejects.catch(() => {});
  return { rejects, cancel: () => clearTimeout(timer) };
}
