import type { Received } from './client.ts';

/** What was promised by answers, and what was seen; finds every promise that was broken. */
export class Ledger {
  readonly #sent = new Map<string, { queue: string; answered: boolean; sequence: string }>();
  readonly #removing = new Set<string>();
  readonly #removed = new Set<string>();
  readonly #seenAs = new Map<string, string>();
  readonly #lastOfGroup = new Map<string, number>();
  readonly #drained = new Set<string>();
  readonly problems: string[] = [];
  answeredSends = 0;
  answeredRemovals = 0;

  sending(body: string, queue: string): void {
    this.#sent.set(body, { queue, answered: false, sequence: '' });
  }

  sentAndAnswered(body: string, answer: { MessageId?: string; SequenceNumber?: string }): void {
    const entry = this.#sent.get(body);
    if (!entry) return;
    entry.answered = true;
    entry.sequence = answer.SequenceNumber ?? '';
    this.answeredSends += 1;
    this.#identify(body, answer.MessageId ?? '');
  }

  /** A duplicate of a send must be answered as the first one was. */
  duplicateAnswered(body: string, answer: { MessageId?: string }): void {
    this.#identify(body, answer.MessageId ?? '');
  }

  removing(body: string): void {
    this.#removing.add(body);
  }

  removed(body: string): void {
    this.#removed.add(body);
    this.answeredRemovals += 1;
  }

  /** A purge was answered: whatever was answered before it began must not come back. */
  purged(bodies: string[]): void {
    for (const body of bodies) {
      this.#removing.add(body);
      this.#removed.add(body);
    }
  }

  answeredOf(queue: string): string[] {
    return [...this.#sent]
      .filter(([, entry]) => entry.queue === queue && entry.answered)
      .map(([body]) => body);
  }

  received({ Body, MessageId, Attributes }: Received): void {
    if (!this.#sent.has(Body)) this.problems.push(`${Body} was never sent`);
    if (this.#removed.has(Body)) this.problems.push(`${Body} came back after its removal`);
    this.#identify(Body, MessageId);
    const promised = this.#sent.get(Body)?.sequence;
    if (promised && Attributes.SequenceNumber !== promised) {
      this.problems.push(`${Body} has another sequence number than was answered`);
    }
  }

  /** While the queues are emptied at the end: each message once, each group in order. */
  drained(message: Received): void {
    this.received(message);
    const { Body, Attributes } = message;
    if (this.#drained.has(Body)) this.problems.push(`${Body} is there twice`);
    this.#drained.add(Body);
    const group = Attributes.MessageGroupId;
    if (group === undefined || Attributes.DeadLetterQueueSourceArn) return;
    const index = Number(Body.split('/').at(-1));
    if (index <= (this.#lastOfGroup.get(group) ?? -1))
      this.problems.push(`${Body} is out of order`);
    this.#lastOfGroup.set(group, index);
  }

  /** Call when all queues are empty. */
  checkNothingLost(): void {
    for (const [body, { answered }] of this.#sent) {
      if (answered && !this.#removing.has(body) && !this.#drained.has(body)) {
        this.problems.push(`${body} was answered and is lost`);
      }
    }
  }

  #identify(body: string, id: string): void {
    const known = this.#seenAs.get(body);
    if (known !== undefined && known !== id) this.problems.push(`${body} has two message ids`);
    this.#seenAs.set(body, id);
  }
}
