import { topology } from '@spillway/contracts';
import { ConfigError, type Logger } from '@spillway/runtime';
import { createAmqpMessaging } from './drivers/amqp/index.ts';
import { createSqsMessaging } from './drivers/sqs/index.ts';
import type { Messaging } from './port.ts';

export interface MessagingOptions {
  readonly url: string;
  /** Of RabbitMQ's management plugin; AMQP alone does not tell what other processes have in hand. */
  readonly amqpManagementUrl?: string | undefined;
  /** What names in SQS and SNS begin with, where several systems share an account. */
  readonly queuePrefix?: string | undefined;
  /** A template makes queues and topics, and programs may not: `declare` only checks them. SQS alone. */
  readonly queuesProvisioned?: boolean | undefined;
  readonly log: Logger;
}

/**
 * The driver that a `BROKER_URL` asks for. `sqs:` is SQS and SNS, set up by the SDK's own
 * variables (`AWS_REGION`, `AWS_ENDPOINT_URL_SQS`, ...). `amqp:` and `amqps:` are RabbitMQ; the nodes of
 * a cluster are separated by commas. Throws `ConfigError` for anything else.
 */
export function openMessaging(options: MessagingOptions): Messaging {
  const { url, amqpManagementUrl, queuePrefix: prefix, queuesProvisioned, log } = options;
  if (/^sqs:(\/\/)?$/.test(url)) {
    return createSqsMessaging({ prefix, provisioned: queuesProvisioned, log });
  }
  if (prefix || queuesProvisioned) {
    throw new ConfigError(
      'SPILLWAY_QUEUE_PREFIX and SPILLWAY_QUEUES_PROVISIONED are for sqs: alone; on RabbitMQ take a virtual host',
    );
  }
  const [first = '', ...others] = url.split(',').map((address) => address.trim());
  if ([first, ...others].every(isAmqp)) {
    const { queues } = topology;
    return createAmqpMessaging({
      urls: [first, ...others],
      managementUrl: amqpManagementUrl,
      queues,
      log,
    });
  }
  throw new ConfigError(
    `BROKER_URL: "${withoutPassword(url)}" is not a broker that Spillway speaks to; use sqs: or amqp:`,
  );
}

const isAmqp = (address: string): boolean => /^amqps?:\/\//.test(address) && URL.canParse(address);

const withoutPassword = (url: string): string => url.replace(/\/\/[^@,]*@/g, '//');
