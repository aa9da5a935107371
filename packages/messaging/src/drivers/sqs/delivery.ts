import {
  ChangeMessageVisibilityCommand,
  type Message,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { DEAD_LETTER_REASON, type Delivery, deadLetterQueueOf } from '../../port.ts';
import type { Addresses, QueueAddress } from './addresses.ts';
import { groupFields, vendorAttributes } from './batches.ts';
import { pack, unpack } from './carried.ts';
import type { Clients } from './clients.ts';
import type { Deletes } from './deletes.ts';
import { isLate, translate } from './errors.ts';

/** SQS hides a message for at most 12 h, counted from its receipt. */
const MOST_HIDDEN_SECONDS = 43_200;
/** A dead-letter reason is one sentence; a stack trace would take the room of the body. */
const MOST_REASON_CHARACTERS = 1024;
/** What SQS refuses in a text; a reason may hold words of ffmpeg, and so of a customer's file. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

export interface DeliveryParts {
  readonly clients: Clients;
  readonly addresses: Addresses;
  readonly queue: string;
  readonly address: QueueAddress;
  readonly deletes: Deletes;
  /** Of the subscription: aborted when it stops. */
  readonly stopping: AbortSignal;
}

export function toDelivery(message: Message, parts: DeliveryParts): Delivery {
  const { queue, address, deletes } = parts;
  const { MessageId: id = '', Body: body = '', ReceiptHandle: receipt = '' } = message;
  const { attributes, earlierAttempts, firstSentAt } = unpack(stringAttributes(message));
  const system = message.Attributes ?? {};
  const group = system.MessageGroupId;
  const attempt = earlierAttempts + Number(system.ApproximateReceiveCount ?? 1);
  const sentAt = firstSentAt ?? Number(system.SentTimestamp);
  const receivedAt = Date.now();

  const hide = (seconds: number) => {
    const left = MOST_HIDDEN_SECONDS - Math.ceil((Date.now() - receivedAt) / 1000) - 1;
    return changeVisibility(parts, receipt, Math.min(seconds, Math.max(0, left)));
  };
  const delay = (seconds: number) => Math.max(Math.ceil(seconds), leastDelaySeconds(parts));
  return {
    id,
    queue,
    body,
    attributes,
    group: group ?? null,
    attempt,
    sentAt: new Date(sentAt),
    ack: () => answer(`delete a message of ${queue}`, () => deletes.delete(receipt)),
    retry: (seconds) => answer(`delay a message of ${queue}`, () => hide(delay(seconds))),
    extend: (seconds) => answer(`keep a message of ${queue}`, () => hide(Math.ceil(seconds))),
    postpone: (seconds) =>
      answer(`postpone a message of ${queue}`, async () => {
        // A delayed copy of an ordered message would be overtaken by its successors.
        if (address.ordered) return hide(delay(seconds));
        await sendOne(parts, address, {
          body,
          attributes: pack(attributes, { earlierAttempts: attempt - 1, firstSentAt: sentAt }),
          delaySeconds: delay(seconds),
          group,
        });
        await deletes.delete(receipt);
      }),
    deadLetter: (reason) =>
      answer(`move a message of ${queue} to its dead letters`, async () => {
        await sendOne(parts, await parts.addresses.queue(deadLetterQueueOf(queue)), {
          body,
          attributes: {
            ...pack(attributes, { earlierAttempts: attempt, firstSentAt: sentAt }),
            [DEAD_LETTER_REASON]: sentence(reason) || 'no reason given',
          },
          group,
          // Moving it twice, because the delete failed, leaves one dead letter.
          deduplicationId: id,
        });
        await deletes.delete(receipt);
      }),
  };
}

const sentence = (reason: string): string =>
  reason.slice(0, MOST_REASON_CHARACTERS).replace(FORBIDDEN, '\uFFFD');

/**
 * The broker may not have noticed yet that the last poll of a stopping subscription is gone, and would
 * hand it what it gives back; the message would then wait for the end of its lease.
 */
const leastDelaySeconds = ({ stopping }: DeliveryParts): number => (stopping.aborted ? 1 : 0);

function stringAttributes({ MessageAttributes = {} }: Message): Record<string, string> {
  return Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );
}

async function answer(doing: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isLate(error)) throw translate(error, doing);
  }
}

async function changeVisibility(
  { clients, address }: DeliveryParts,
  receipt: string,
  seconds: number,
): Promise<void> {
  await clients.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: address.url,
      ReceiptHandle: receipt,
      VisibilityTimeout: seconds,
    }),
  );
}

interface Copy {
  readonly body: string;
  readonly attributes: Record<string, string>;
  readonly delaySeconds?: number;
  readonly group: string | undefined;
  readonly deduplicationId?: string;
}

/** Not `sendAll`: a copy may hold more attributes than a sender's message. */
async function sendOne({ clients }: DeliveryParts, to: QueueAddress, copy: Copy): Promise<void> {
  await clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: to.url,
      MessageBody: copy.body,
      MessageAttributes: vendorAttributes(copy.attributes),
      ...(copy.delaySeconds !== undefined && { DelaySeconds: copy.delaySeconds }),
      ...groupFields(copy, to.ordered),
    }),
  );
}
