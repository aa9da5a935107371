import { ConfigError, type Logger } from '@spillway/runtime';
import { createSqsMessaging } from './drivers/sqs/index.ts';
import type { Messaging } from './port.ts';

/**
 * The driver that a `BROKER_URL` asks for. `sqs:` is SQS and SNS, set up by the SDK's own
 * variables (`AWS_REGION`, `AWS_ENDPOINT_URL_SQS`, ...). Throws `ConfigError` for anything else.
 */
export function openMessaging({ url, log }: { url: string; log: Logger }): Messaging {
  if (/^sqs:(\/\/)?$/.test(url)) return createSqsMessaging({ log });
  throw new ConfigError(`BROKER_URL: "${url}" is not a broker that Spillway speaks to; use sqs:`);
}
