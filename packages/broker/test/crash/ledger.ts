import type { Received } from './client.ts';

/** What SendMessage answers, as far as the ledger looks at it. */
interface Answer {
  MessageId?: string;
  SequenceNumber?: string;
}

/** One of the answers of ListMessageMoveTasks. */
export interface ListedTask {
  Status: string;
  StartedTimestamp: number;
  ApproximateNumberOfMessagesMoved: number;
  FailureReason?: string;
}

interface Sent {
  queue: string;
  answered: boolean;
  sequence: string;
}

/** Bodies end in a number that grows with every new one; what stands before it is in order. */
function placeOf(body: string): { order: string; index: number } {
  const slash = body.lastIndexOf('/');
  return { order: body.slice(0, slash), index: Number(body.slice(slash + 1)) };
}

/** What was promised by answers, and what was seen; finds every promise that was broken. */
export class Ledger {
  readonly #sent = new Map<string, Sent>();
  readonly #removing = new Set<string>();
  readonly #removed = new Set<string>();
  readonly #seenAs = new Map<string, string>();
  readonly #receives = new Set<string>();
  readonly #lastSequence = new Map<string, string>();
  readonly #lastOfGroup = new Map<string, number>();
  readonly #drained = new Set<string>();
  /** Bodies seen where the move tasks put them. */
  readonly #revived = new Set<string>();
  readonly #moveTasks = new Map<number, ListedTask>();
  readonly problems: string[] = [];
  answeredSends = 0;
  answeredRemovals = 0;

  /** Messages that the move tasks say they have moved. */
  get movedByTasks(): number {
    const tasks = [...this.#moveTasks.values()];
    return tasks.reduce((sum, task) => sum + task.ApproximateNumberOfMessagesMoved, 0);
  }

  get moveTasks(): number {
    return this.#moveTasks.size;
  }

  sending(body: string, queue: string): void {
    if (!this.#sent.has(body)) this.#sent.set(body, { queue, answered: false, sequence: '' });
  }

  /** A send that is repeated must be answered as it was, and take the place it had. */
  sentAndAnswered(body: string, { MessageId = '', SequenceNumber = '' }: Answer): void {
    const entry = this.#sent.get(body);
    if (!entry) return;
    this.#identify(body, MessageId);
    if (entry.answered) {
      if (entry.sequence !== SequenceNumber) this.problems.push(`${body} was numbered anew`);
      return;
    }
    entry.answered = true;
    entry.sequence = SequenceNumber;
    this.answeredSends += 1;
    const { order } = placeOf(body);
    if (SequenceNumber !== '' && SequenceNumber <= (this.#lastSequence.get(order) ?? '')) {
      this.problems.push(`${body} has no higher sequence number than the one before it`);
    }
    this.#lastSequence.set(order, SequenceNumber);
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

  received({ Body, MessageId, Attributes }: Received, queue: string): void {
    if (!this.#sent.has(Body)) this.problems.push(`${Body} was never sent`);
    if (this.#removed.has(Body)) this.problems.push(`${Body} came back after its removal`);
    if (queue === 'revived') this.#revived.add(Body);
    else if (this.#revived.has(Body)) this.problems.push(`${Body} was moved and is still there`);
    // A move task gives a message a new life, with a new id and a new count of receives.
    const life = queue === 'revived' ? `${Body}, moved` : Body;
    this.#identify(life, MessageId);
    const receive = `${life}, receive ${Attributes.ApproximateReceiveCount}`;
    if (this.#receives.has(receive)) this.problems.push(`${receive} is counted twice`);
    this.#receives.add(receive);
    const promised = this.#sent.get(Body)?.sequence;
    if (promised && Attributes.SequenceNumber !== promised) {
      this.problems.push(`${Body} has another sequence number than was answered`);
    }
  }

  /** While the queues are emptied at the end: each message once, each group in order. */
  drained(message: Received, queue: string): void {
    this.received(message, queue);
    const { Body, Attributes } = message;
    if (this.#drained.has(Body)) this.problems.push(`${Body} is there twice`);
    this.#drained.add(Body);
    const group = Attributes.MessageGroupId;
    if (group === undefined) return;
    const { index } = placeOf(Body);
    if (index <= (this.#lastOfGroup.get(group) ?? -1))
      this.problems.push(`${Body} is out of order`);
    this.#lastOfGroup.set(group, index);
  }

  /** Every task of the queue, the newest first: none is forgotten, its count only grows, an end is final. */
  listed(tasks: ListedTask[]): void {
    const newest = Math.max(0, ...this.#moveTasks.keys());
    if ((tasks[0]?.StartedTimestamp ?? 0) < newest) this.problems.push('a move task is forgotten');
    for (const task of tasks) {
      const { Status, StartedTimestamp, ApproximateNumberOfMessagesMoved: moved } = task;
      if (Status !== 'RUNNING' && Status !== 'COMPLETED') {
        this.problems.push(`a move task is ${Status}: ${task.FailureReason}`);
      }
      if (Status === 'RUNNING' && task !== tasks[0]) this.problems.push('two move tasks run');
      const known = this.#moveTasks.get(StartedTimestamp);
      const before = known?.ApproximateNumberOfMessagesMoved ?? 0;
      if (moved < before) this.problems.push(`a move task went from ${before} back to ${moved}`);
      if (known?.Status === 'COMPLETED' && (Status !== known.Status || moved !== before)) {
        this.problems.push('a move task changed after its end');
      }
      this.#moveTasks.set(StartedTimestamp, task);
    }
  }

  /** Call when all queues are empty and no move task runs. */
  checkNothingLost(): void {
    for (const [body, { answered }] of this.#sent) {
      if (answered && !this.#removing.has(body) && !this.#drained.has(body)) {
        this.problems.push(`${body} was answered and is lost`);
      }
    }
    if (this.movedByTasks !== this.#revived.size) {
      const counts = `${this.movedByTasks} messages, of which ${this.#revived.size} arrived`;
      this.problems.push(`the move tasks say that they moved ${counts}`);
    }
  }

  #identify(life: string, id: string): void {
    const known = this.#seenAs.get(life);
    if (known !== undefined && known !== id) this.problems.push(`${life} has two message ids`);
    this.#seenAs.set(life, id);
  }
}
