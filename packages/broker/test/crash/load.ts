import { type Client, type Received, Refused } from './client.ts';
import type { Ledger } from './ledger.ts';

export const queues = {
  jobs: {},
  'ordered.fifo': { FifoQueue: 'true' },
  dead: {},
  poison: {
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
      maxReceiveCount: 1,
    }),
  },
  purged: {},
};

/** Short leases, so that what a killed round held is soon to be had again. */
export const visibilitySeconds = 1;

/** Fills segments quickly, so that compaction has work. */
const MessageAttributes = { filler: { DataType: 'String', StringValue: 'x'.repeat(2000) } };

/** Load that goes on until the broker dies; a refusal while it lives is a problem. */
export class Load {
  readonly #client: Client;
  readonly #ledger: Ledger;
  readonly #round: number;
  #count = 0;

  constructor(client: Client, ledger: Ledger, round: number) {
    this.#client = client;
    this.#ledger = ledger;
    this.#round = round;
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

  #body(queue: string): string {
    this.#count += 1;
    return `${queue}/${this.#round}/${this.#count}`;
  }

  async #sendOne(queue: string): Promise<string> {
    const body = this.#body(queue);
    this.#ledger.sending(body, queue);
    const QueueUrl = this.#client.queueUrl(queue);
    const input = { QueueUrl, MessageBody: body, MessageAttributes };
    this.#ledger.sentAndAnswered(body, await this.#client.call('SendMessage', input));
    return body;
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

  /** One sender a group, so that its order is the order of its sends; now and then a duplicate. */
  async #sendOrdered(group: string): Promise<void> {
    const body = this.#body(`ordered/${group}`);
    this.#ledger.sending(body, 'ordered.fifo');
    const input = {
      QueueUrl: this.#client.queueUrl('ordered.fifo'),
      MessageBody: body,
      MessageAttributes,
      MessageGroupId: `${group}-${this.#round}`,
      MessageDeduplicationId: body,
    };
    this.#ledger.sentAndAnswered(body, await this.#client.call('SendMessage', input));
    if (this.#count % 5 === 0) {
      this.#ledger.duplicateAnswered(body, await this.#client.call('SendMessage', input));
    }
  }

  async #receiveAndRemove(queue: string): Promise<void> {
    const messages = await this.#client.receive(queue, 1, 3);
    for (const message of messages) this.#ledger.received(message);
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
    for (const message of await this.#client.receive(queue, 1)) this.#ledger.received(message);
  }

  async #sendThenPurge(): Promise<void> {
    for (let sent = 0; sent < 20; sent += 1) await this.#sendOne('purged');
    const before = this.#ledger.answeredOf('purged');
    for (const body of before) this.#ledger.removing(body);
    await this.#client.call('PurgeQueue', { QueueUrl: this.#client.queueUrl('purged') });
    this.#ledger.purged(before);
  }
}
