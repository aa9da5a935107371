import { setTimeout as wait } from 'node:timers/promises';
import { PublishBatchCommand } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { backoffSeconds, eachOf } from '@spillway/runtime';
import { MessagingError, type OutgoingMessage } from '../../port.ts';
import type { QueueAddress, TopicAddress } from './addresses.ts';
import {
  batches,
  groupFields,
  SNS_BATCH_BYTES,
  SQS_BATCH_BYTES,
  vendorAttributes,
} from './batches.ts';
import type { Clients } from './clients.ts';
import { type FailedEntry, isRejectedEntry } from './errors.ts';

/** Requests under way at once for one `send`; one on ordered queues, or the order would be lost. */
const PARALLEL = 8;
const MOST_TRIES = 4;
const BACKOFF = { firstSeconds: 0.1, maxSeconds: 1 };

interface Entry {
  readonly Id: string;
}

/**
 * SQS refuses two characters that JSON allows and that a customer's text may hold. They can only be
 * within strings, where an escape means the same.
 */
function sendable(message: OutgoingMessage): OutgoingMessage {
  const body = message.body.replace(/\uFFFE/g, '\\ufffe').replace(/\uFFFF/g, '\\uffff');
  return body === message.body ? message : { ...message, body };
}

export async function sendAll(
  { sqs }: Clients,
  { url, ordered }: QueueAddress,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  await eachOf(
    batches(messages.map(sendable), SQS_BATCH_BYTES, ordered),
    ordered ? 1 : PARALLEL,
    (batch) => {
      const entries = batch.map((message, index) => ({
        Id: String(index),
        MessageBody: message.body,
        MessageAttributes: vendorAttributes(message.attributes ?? {}),
        ...(message.delaySeconds !== undefined && { DelaySeconds: message.delaySeconds }),
        ...groupFields(message, ordered),
      }));
      return untilNoneFails(entries, async (Entries) => {
        const command = new SendMessageBatchCommand({ QueueUrl: url, Entries });
        return (await sqs.send(command)).Failed;
      });
    },
  );
}

export async function publishAll(
  { sns }: Clients,
  { arn, ordered }: TopicAddress,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  if (messages.some(({ delaySeconds }) => delaySeconds !== undefined)) {
    throw new MessagingError('rejected', 'A message to a topic cannot be delayed');
  }
  await eachOf(
    batches(messages.map(sendable), SNS_BATCH_BYTES, ordered),
    ordered ? 1 : PARALLEL,
    (batch) => {
      const entries = batch.map((message, index) => ({
        Id: String(index),
        Message: message.body,
        MessageAttributes: vendorAttributes(message.attributes ?? {}),
        ...groupFields(message, ordered),
      }));
      return untilNoneFails(entries, async (PublishBatchRequestEntries) => {
        const command = new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries });
        return (await sns.send(command)).Failed;
      });
    },
  );
}

/** A request can succeed for some of its messages only: sends the others again. */
async function untilNoneFails<E extends Entry>(
  entries: readonly E[],
  call: (entries: E[]) => Promise<FailedEntry[] | undefined>,
): Promise<void> {
  let left = [...entries];
  for (let attempt = 1; ; attempt++) {
    const failed = (await call(left)) ?? [];
    const [first] = failed;
    if (first === undefined) return;
    const atFault = failed.find(isRejectedEntry);
    const { Code, Message = Code } = atFault ?? first;
    if (atFault) throw new MessagingError('rejected', `The broker refuses a message: ${Message}`);
    if (attempt === MOST_TRIES) {
      throw new MessagingError('unavailable', `The broker did not take a message: ${Message}`);
    }
    await wait(backoffSeconds(BACKOFF, attempt) * 1000);
    const ids = new Set(failed.map(({ Id }) => Id));
    left = left.filter(({ Id }) => ids.has(Id));
  }
}
