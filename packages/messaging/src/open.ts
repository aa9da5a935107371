import { topology } from '@spillway/contracts';
import { ConfigError, type Logger } from '@spillway/runtime';
import { createAmqpMessaging } from './drivers/amqp/index.ts';
import { createSqsMessaging } from './drivers/sqs/index.ts';
import type { Messaging } from './port.ts';

export interface MessagingOptions {
  readonly url: string;
  /** Of RabbitMQ's management plugin; AMQP alone does not tell what other processes have in hand. */
  readonly amqpManagementUrl?: string | undefined;
  readonly log: Logger;
}

/**
 * The driver that a `BROKER_URL` asks for. `sqs:` is SQS and SNS, set up by the SDK's own
 * variables (`AWS_REGION`, `AWS_ENDPOINT_URL_SQS`, ...). `amqp:` and `amqps:` are RabbitMQ; the nodes of
 * a cluster are separated by commas. Throws `ConfigError` for anything else.
 */
export function openMessaging({ url, amqpManagementUrl, log }: MessagingOptions): Messaging {
  if (/^sqs:(\/\/)?$/.test(url)) return createSqsMessaging({ log });
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
