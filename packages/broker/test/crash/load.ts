import { type Client, type Received, Refused } from './client.ts';
import type { Ledger, ListedTask } from './ledger.ts';

const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** Short leases, so that what a killed round held is soon to be had again. */
export const visibilitySeconds = 1;

const VisibilityTimeout = String(visibilitySeconds);

/** The queues and their attributes; a dead-letter queue stands before its source, which names it. */
export const queues = {
  jobs: { VisibilityTimeout },
  'ordered.fifo': { VisibilityTimeout, FifoQueue: 'true' },
  purged: { VisibilityTimeout },
  dead: { VisibilityTimeout },
  // Given back at once: the next receive makes dead letters of them.
  poison: {
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 1 }),
  },
  revived: { VisibilityTimeout },
};

/** Fills segments quickly, so that compaction has work. */
const MessageAttributes = { filler: { DataType: 'String', StringValue: 'x'.repeat(2000) } };

/** Low enough that a move task is under way whenever the broker is killed. */
const movesPerSecond = 100;

/** More than the bodies of one round, so that their numbers grow from round to round. */
const bodiesPerRound = 1_000_000;

/** The move tasks from the dead-letter queue, as listed. */
export async function listMoveTasks(client: Client, ledger: Ledger): Promise<ListedTask[]> {
  const input = { SourceArn: arn('dead'), MaxResults: 10 };
  const answer = await client.call<{ Results?: ListedTask[] }>('ListMessageMoveTasks', input);
  const tasks = answer.Results ?? [];
  ledger.listed(tasks);
  return tasks;
}

/** Load that goes on until the broker dies; a refusal while it lives is a problem. */
export class Load {
  readonly #client: Client;
  readonly #ledger: Ledger;
  readonly #lastOrdered: Map<string, string>;
  readonly #resumed = new Set<string>();
  #count: number;

  /** `lastOrdered` is kept from round to round: the last send to each group, answered or not. */
  constructor(client: Client, ledger: Ledger, round: number, lastOrdered: Map<string, string>) {
    this.#client = client;
    this.#ledger = ledger;
    this.#count = round * bodiesPerRound;
    this.#lastOrdered = lastOrdered;
  }

  /** Resolves when the broker is gone for everyone. */
  async run(): Promise<void> {
    const workers = [
      ...Array.from({ length: 6 }, () => () => this.#sendOne('jobs')),
      ...Array.from({ length: 4 }, () => () => this.#receiveAndRemove('jobs')),
      ...Array.from({ length: 4 }, (_, index) => () => this.#sendOrdered(`g${index}`)),
      ...Array.from({ length: 3 }, () => () => this.#receiveAndRemove('ordered.fifo')),
      () => this.#sendBatch(),
      () => this.#sendOne('poison'),
      () => this.#receiveOnly('poison'),
      () => this.#moveDeadLetters(),
      () => this.#sendThenPurge(),
    ];
    await Promise.all(workers.map((work) => this.#untilItDies(work)));
  }

  async #untilItDies(work: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await work();
      } catch (error) {
        if (error instanceof Refused) this.#ledger.problems.push(error.message);
        return;
      }
    }
  }

  #body(order: string): string {
    this.#count += 1;
    return `${order}/${this.#count}`;
  }

  async #sendOne(queue: string, more: object = {}): Promise<void> {
    const body = this.#body(queue);
    this.#ledger.sending(body, queue);
    const QueueUrl = this.#client.queueUrl(queue);
    const input = { QueueUrl, MessageBody: body, MessageAttributes, ...more };
    this.#ledger.sentAndAnswered(body, await this.#client.call('SendMessage', input));
  }

  async #sendBatch(): Promise<void> {
    const bodies = Array.from({ length: 10 }, () => this.#body('jobs'));
    for (const body of bodies) this.#ledger.sending(body, 'jobs');
    const answer = await this.#client.call<{ Successful: { MessageId: string }[] }>(
      'SendMessageBatch',
      {
        QueueUrl: this.#client.queueUrl('jobs'),
        Entries: bodies.map((MessageBody, index) => ({
          Id: String(index),
          ...{ MessageBody, MessageAttributes },
        })),
      },
    );
    bodies.forEach((body, index) => {
      this.#ledger.sentAndAnswered(body, answer.Successful[index] ?? {});
    });
  }

  /**
   * One sender a group, so that its order is the order of its sends. A careful one: after a crash it
   * repeats its last send, answered or not; now and then it repeats one for nothing.
   */
  async #sendOrdered(group: string): Promise<void> {
    const last = this.#resumed.has(group) ? undefined : this.#lastOrdered.get(group);
    this.#resumed.add(group);
    const body = last ?? this.#body(`ordered/${group}`);
    this.#lastOrdered.set(group, body);
    this.#ledger.sending(body, 'ordered.fifo');
    const input = {
      QueueUrl: this.#client.queueUrl('ordered.fifo'),
      MessageBody: body,
      MessageAttributes,
      MessageGroupId: group,
      MessageDeduplicationId: body,
    };
    const repeats = this.#count % 5 === 0 ? 2 : 1;
    for (let sent = 0; sent < repeats; sent += 1) {
      this.#ledger.sentAndAnswered(body, await this.#client.call('SendMessage', input));
    }
  }

  async #receiveAndRemove(queue: string, wait = 1): Promise<void> {
    const messages = await this.#client.receive(queue, wait, 3);
    for (const message of messages) this.#ledger.received(message, queue);
    for (const message of messages) await this.#remove(queue, message);
  }

  async #remove(queue: string, { Body, ReceiptHandle }: Received): Promise<void> {
    this.#ledger.removing(Body);
    const QueueUrl = this.#client.queueUrl(queue);
    try {
      await this.#client.call('DeleteMessage', { QueueUrl, ReceiptHandle });
    } catch (error) {
      // A slow machine may outlast the short lease; then a FIFO queue rightly refuses.
      if (error instanceof Refused && error.message.includes('handle has expired')) return;
      throw error;
    }
    this.#ledger.removed(Body);
  }

  /** A receiver that never deletes: what it got becomes a dead letter. */
  async #receiveOnly(queue: string): Promise<void> {
    const messages = await this.#client.receive(queue, 1);
    for (const message of messages) this.#ledger.received(message, queue);
  }

  /** One move task after the other; some of what they move is removed where it arrives. */
  async #moveDeadLetters(): Promise<void> {
    const [latest] = await listMoveTasks(this.#client, this.#ledger);
    if (latest?.Status !== 'RUNNING') {
      await this.#client.call('StartMessageMoveTask', {
        SourceArn: arn('dead'),
        DestinationArn: arn('revived'),
        MaxNumberOfMessagesPerSecond: movesPerSecond,
      });
    }
    await this.#receiveAndRemove('revived', 0);
  }

  /** A purge takes what waits, what is delayed and what is in flight. */
  async #sendThenPurge(): Promise<void> {
    for (let sent = 0; sent < 20; sent += 1) {
      await this.#sendOne('purged', { DelaySeconds: sent % 2 });
    }
    await this.#receiveOnly('purged');
    const before = this.#ledger.answeredOf('purged');
    for (const body of before) this.#ledger.removing(body);
    await this.#client.call('PurgeQueue', { QueueUrl: this.#client.queueUrl('purged') });
    this.#ledger.purged(before);
  }
}
