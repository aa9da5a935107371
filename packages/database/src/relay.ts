import { backoffSeconds, type Logger } from '@spillway/runtime';
import type { OutboxMessage } from './outbox.ts';
import type { OutboxStore, StoredMessage } from './outbox-store.ts';
import type { Lock } from './port.ts';

const BATCH = 200;
/** How often a process looks whether it is its turn to send, or whether others have committed something. */
const POLL_MS = 1_000;
/** The same of the one that sends, where others commit without a poke. */
const POLL_SHARED_MS = 100;
/** How long sent messages wait to be removed together with the next look, which saves a commit. */
const REMOVE_MS = 100;
/** How long messages that may wait do so. */
const SOON_MS = 100;
const AWAY = { firstSeconds: 0.5, maxSeconds: 30 };

export interface OutboxRelayOptions {
  readonly outbox: OutboxStore;
  /** Resolves when the broker has all of them; after an error they are sent again (at least once). */
  readonly deliver: (destination: string, messages: readonly OutboxMessage[]) => Promise<void>;
  /** The broker will never take such a message: it is set aside, so that it holds up no other. */
  readonly isRejected: (error: unknown) => boolean;
  readonly log: Logger;
  /** Other processes put messages there too. */
  readonly isShared?: boolean;
}

export interface OutboxRelay {
  /** Something was committed: send it now rather than at the next look. */
  poke(): void;
  /** Something was committed that may wait a little, to go together with what comes meanwhile. */
  pokeSoon(): void;
  /** Ends after the batch in hand. */
  stop(): Promise<void>;
}

/**
 * Sends what the outbox holds, in the order of its ids. One relay of all processes works at a time, by
 * a lock of the database: two could overtake each other within a group, and a lock on rows would keep a
 * transaction open while the broker is waited for.
 */
export function startOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  const relay = new Relay(options);
  const ended = relay.run();
  return {
    poke: () => relay.wake(),
    pokeSoon: () => relay.wakeSoon(),
    stop: async () => {
      relay.stop();
      await ended;
    },
  };
}

class Relay {
  readonly #options: OutboxRelayOptions;
  /** Destinations whose broker did not answer, and when to try again (ms since 1970). */
  readonly #away = new Map<string, { attempt: number; until: number }>();
  /** Ids that the broker has and the outbox still holds; sent again should this process die now. */
  #sent: number[] = [];
  #lock: Lock | null = null;
  #stopped = false;
  #poked = false;
  #endPause: () => void = () => {};
  #soon: NodeJS.Timeout | null = null;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
  }

  wake(): void {
    if (this.#soon) clearTimeout(this.#soon);
    this.#soon = null;
    this.#poked = true;
    // Another process sends: it finds the message at its next look.
    if (this.#lock) this.#endPause();
  }

  wakeSoon(): void {
    this.#soon ??= setTimeout(() => this.wake(), SOON_MS).unref();
  }

  stop(): void {
    this.#stopped = true;
    this.#endPause();
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      this.#poked = false;
      const more = await this.#sendBatch().catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'the outbox could not be sent; trying again');
        return false;
      });
      const mayHaveMore = more || (this.#poked && this.#lock !== null);
      if (!mayHaveMore && !this.#stopped) await this.#pause();
    }
    await this.#takeBatch(0).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'sent messages stay in the outbox, to be sent again');
    });
    await this.#lock?.release();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#pauseMs()).unref();
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #pauseMs(): number {
    if (!this.#lock?.held) return POLL_MS;
    if (this.#sent.length > 0) return REMOVE_MS;
    return this.#options.isShared ? POLL_SHARED_MS : POLL_MS;
  }

  /** True when there may be more to send. */
  async #sendBatch(): Promise<boolean> {
    if (!this.#lock?.held) this.#lock = await this.#options.outbox.tryLock();
    if (!this.#lock) return false;
    const rows = await this.#takeBatch(BATCH);
    const groups = Map.groupBy(rows, ({ destination }) => destination);
    const sent = await Promise.all([...groups].map(([name, list]) => this.#deliver(name, list)));
    this.#sent = sent.flat();
    return rows.length === BATCH;
  }

  /** Removes what was sent and reads what is next. */
  async #takeBatch(limit: number): Promise<StoredMessage[]> {
    const now = Date.now();
    const away = [...this.#away].filter(([, { until }]) => until > now).map(([name]) => name);
    const rows = await this.#options.outbox.take({ sent: this.#sent, away, limit });
    this.#sent = [];
    return rows;
  }

  /** Ids of those that the broker has. */
  async #deliver(destination: string, rows: readonly StoredMessage[]): Promise<number[]> {
    const { deliver, isRejected, log } = this.#options;
    try {
      await deliver(destination, rows);
      this.#away.delete(destination);
      return rows.map(({ id }) => id);
    } catch (error) {
      if (isRejected(error)) return this.#setAsideRejected(destination, rows, error);
      const attempt = (this.#away.get(destination)?.attempt ?? 0) + 1;
      const seconds = backoffSeconds(AWAY, attempt);
      this.#away.set(destination, { attempt, until: Date.now() + seconds * 1000 });
      log.warn({ err: error, destination, attempt, seconds }, 'the broker did not take messages');
      return [];
    }
  }

  /** A batch was refused for one message's sake: the others are sent one by one. */
  async #setAsideRejected(
    destination: string,
    rows: readonly StoredMessage[],
    error: unknown,
  ): Promise<number[]> {
    const [first] = rows;
    if (first && rows.length === 1) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.error({ err: error, destination, outboxId: first.id }, 'message rejected');
      await this.#options.outbox.setAside(first.id, reason);
      return [];
    }
    const sent: number[] = [];
    for (const row of rows) {
      sent.push(...(await this.#deliver(destination, [row])));
      if (this.#away.has(destination)) break;
    }
    return sent;
  }
}
