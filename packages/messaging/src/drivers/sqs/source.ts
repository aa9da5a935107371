import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Delivery } from '../../port.ts';
import type { Addresses } from './addresses.ts';
import { type Clients, REQUEST_TIMEOUT_MS } from './clients.ts';
import { Deletes } from './deletes.ts';
import { toDelivery } from './delivery.ts';
import { translate } from './errors.ts';
import type { Watched } from './polls.ts';

const MOST_MESSAGES = 10;

export interface SourceParts {
  readonly clients: Clients;
  readonly addresses: Addresses;
  /** Of the subscription: aborted when it stops. */
  readonly stopping: AbortSignal;
}

/** One of a subscription's queues. */
export class Source implements Watched {
  readonly #parts: SourceParts;
  readonly #queue: string;
  #deletes: Deletes | undefined;
  emptyAt = -Infinity;

  constructor(queue: string, parts: SourceParts) {
    this.#queue = queue;
    this.#parts = parts;
  }

  /** At most so many deliveries. Throws `MessagingError`. */
  async receive(most: number, waitSeconds: number): Promise<Delivery[]> {
    const { clients, addresses, stopping } = this.#parts;
    const queue = this.#queue;
    try {
      const address = await addresses.queue(queue);
      this.#deletes ??= new Deletes(clients.sqs, address.url);
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: address.url,
          // One receive may return several messages of a group, of which only the first may be handled.
          MaxNumberOfMessages: address.ordered ? 1 : Math.min(MOST_MESSAGES, most),
          WaitTimeSeconds: waitSeconds,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: [
            'ApproximateReceiveCount',
            'SentTimestamp',
            'MessageGroupId',
          ],
        }),
        { abortSignal: stopping, requestTimeout: waitSeconds * 1000 + REQUEST_TIMEOUT_MS },
      );
      this.emptyAt = Messages.length === 0 ? performance.now() : -Infinity;
      const parts = { clients, addresses, queue, address, deletes: this.#deletes, stopping };
      return Messages.map((message) => toDelivery(message, parts));
    } catch (error) {
      throw translate(error, `receive from ${queue}`);
    }
  }
}
