import { paginateListTopics } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { MessagingError } from '../../port.ts';
import type { Clients } from './clients.ts';
import { translate } from './errors.ts';

export interface QueueAddress {
  readonly url: string;
  readonly ordered: boolean;
}

export interface TopicAddress {
  readonly arn: string;
  readonly ordered: boolean;
}

const ORDERED_SUFFIX = '.fifo';

const isOrdered = (urlOrArn: string): boolean => urlOrArn.endsWith(ORDERED_SUFFIX);

/**
 * Where queues and topics are: known from `declare`, or asked for once, so that a service that may
 * not create anything works too.
 */
export class Addresses {
  readonly #clients: Clients;
  readonly #prefix: string;
  readonly #queues = new Map<string, Promise<QueueAddress>>();
  readonly #topics = new Map<string, Promise<TopicAddress>>();

  /** Names in SQS and SNS begin with the prefix: several systems may share an account. */
  constructor(clients: Clients, prefix = '') {
    this.#clients = clients;
    this.#prefix = prefix;
  }

  /** As SQS and SNS know it; they tell ordered queues and topics by their names. */
  vendorName(name: string, ordered: boolean): string {
    return `${this.#prefix}${name}${ordered ? ORDERED_SUFFIX : ''}`;
  }

  rememberQueue(name: string, url: string): void {
    this.#queues.set(name, Promise.resolve({ url, ordered: isOrdered(url) }));
  }

  rememberTopic(name: string, arn: string): void {
    this.#topics.set(name, Promise.resolve({ arn, ordered: isOrdered(arn) }));
  }

  /** Throws `MessagingError`: `not_found`, or that the broker could not be asked. */
  queue(name: string): Promise<QueueAddress> {
    return once(this.#queues, name, () => this.#findQueue(name));
  }

  /** As `queue`. */
  topic(name: string): Promise<TopicAddress> {
    return once(this.#topics, name, () => this.#findTopic(name));
  }

  async #findQueue(name: string): Promise<QueueAddress> {
    const url =
      (await this.#queueUrl(this.vendorName(name, false))) ??
      (await this.#queueUrl(this.vendorName(name, true)));
    if (url === undefined)
      throw new MessagingError('not_found', `There is no queue ${this.vendorName(name, false)}`);
    return { url, ordered: isOrdered(url) };
  }

  async #queueUrl(QueueName: string): Promise<string | undefined> {
    try {
      return (await this.#clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
    } catch (error) {
      const known = translate(error, `find queue ${QueueName}`);
      if (known.code === 'not_found') return undefined;
      throw known;
    }
  }

  async #findTopic(name: string): Promise<TopicAddress> {
    const wanted = [this.vendorName(name, false), this.vendorName(name, true)];
    try {
      for await (const { Topics = [] } of paginateListTopics({ client: this.#clients.sns }, {})) {
        for (const { TopicArn: arn = '' } of Topics) {
          const vendor = arn.slice(arn.lastIndexOf(':') + 1);
          if (wanted.includes(vendor)) return { arn, ordered: isOrdered(arn) };
        }
      }
    } catch (error) {
      throw translate(error, `find topic ${name}`);
    }
    throw new MessagingError('not_found', `There is no topic ${this.vendorName(name, false)}`);
  }
}

/** Asks once for all who want to know at the same time; a failure is not kept. */
function once<T>(known: Map<string, Promise<T>>, name: string, find: () => Promise<T>): Promise<T> {
  const already = known.get(name);
  if (already) return already;
  const asked = find();
  known.set(name, asked);
  asked.catch(() => known.delete(name));
  return asked;
}
