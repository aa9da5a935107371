import type { Channel } from 'amqplib';
import { Custody } from './custody.ts';
import type { Held, HeldParts } from './held.ts';
import { consumeUntil, type Hands, type Source } from './source.ts';
import type { Stored } from './stored.ts';

/** Held back or waiting here; beyond it a group that is held back can hold up others. 2 KB each: 40 MB. */
const MOST_HERE = 20_000;
const DEDUPLICATION_MS = 300_000;

/** The deduplication ids of five minutes; the one consumer of an ordered queue sees them all. */
export class Recent {
  readonly #seen = new Map<string, { id: string; sentAt: number }>();

  /** Another message with this id was sent within the five minutes before. */
  isDouble({ deduplicationId, id, sentAt }: Stored): boolean {
    if (deduplicationId === null) return false;
    const first = this.#seen.get(deduplicationId);
    if (first && sentAt - first.sentAt < DEDUPLICATION_MS) return first.id !== id;
    this.#forgetOld(sentAt);
    this.#seen.delete(deduplicationId);
    this.#seen.set(deduplicationId, { id, sentAt });
    return false;
  }

  #forgetOld(now: number): void {
    for (const [key, { sentAt }] of this.#seen) {
      if (now - sentAt < DEDUPLICATION_MS) return;
      this.#seen.delete(key);
    }
  }
}

/** The messages of one group that are here, in order; the first may be in hand or held back. */
interface Group {
  readonly messages: Held[];
  isBusy: boolean;
  timer?: NodeJS.Timeout;
}

/**
 * An ordered queue has one active consumer, RabbitMQ sees to that; here its groups go side by side, each
 * one message after the other. What is retried stays here, at the head of its group.
 */
export class OrderedSource implements Source {
  readonly custody: Custody;
  readonly #channel: Channel;
  readonly #queue: string;
  readonly #hands: Hands;
  readonly #recent: Recent;
  readonly #groups = new Map<string, Group>();
  /** Names of groups with a message that may be handed out, the one that waits longest first. */
  readonly #ready = new Set<string>();

  constructor(channel: Channel, queue: string, hands: Hands, parts: HeldParts, recent: Recent) {
    this.custody = new Custody(channel, parts, (held, seconds) => this.#holdBack(held, seconds));
    this.#channel = channel;
    this.#queue = queue;
    this.#hands = hands;
    this.#recent = recent;
  }

  async serve(ended: AbortSignal): Promise<void> {
    const over = new AbortController();
    try {
      await consumeUntil(this.#channel, this.#queue, MOST_HERE, ended, (message) => {
        const held = this.custody.take(this.#queue, message);
        if (!over.signal.aborted) this.#arrive(held);
      });
    } finally {
      over.abort();
      for (const group of this.#groups.values()) clearTimeout(group.timer);
      this.#ready.clear();
    }
  }

  onFree(): void {
    this.#handOut();
  }

  #arrive(held: Held): void {
    if (this.#recent.isDouble(held.stored)) {
      held.drop();
      return;
    }
    const name = nameOf(held);
    const group = this.#groups.get(name) ?? { messages: [], isBusy: false };
    this.#groups.set(name, group);
    group.messages.push(held);
    if (!group.isBusy) this.#ready.add(name);
    this.#handOut();
  }

  #handOut(): void {
    for (const name of this.#ready) {
      if (this.#hands.free <= 0 || this.#hands.isStopping) return;
      this.#ready.delete(name);
      const group = this.#groups.get(name);
      const [held] = group?.messages ?? [];
      if (!group || !held) continue;
      group.isBusy = true;
      held.onDone = () => this.#next(name, group);
      this.#hands.give(held);
    }
  }

  /** The first of the group is gone for good. */
  #next(name: string, group: Group): void {
    group.messages.shift();
    group.isBusy = false;
    if (group.messages.length === 0) this.#groups.delete(name);
    else this.#ready.add(name);
    this.#handOut();
  }

  #holdBack(held: Held, seconds: number): void {
    const name = nameOf(held);
    const group = this.#groups.get(name);
    if (!group) return;
    const release = () => {
      group.isBusy = false;
      this.#ready.add(name);
      this.#handOut();
    };
    if (seconds > 0) group.timer = setTimeout(release, seconds * 1000);
    else release();
  }
}

/** What others sent without a group has an order of its own. */
const nameOf = ({ stored: { group } }: Held): string => group ?? '';
