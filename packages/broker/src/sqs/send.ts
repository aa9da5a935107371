import { hash, randomUUID } from 'node:crypto';
import {
  invalidParameter,
  invalidValue,
  missingParameter,
  ServiceError,
  sqsError,
} from '../protocol/errors.ts';
import type { Input } from '../protocol/input.ts';
import { DedupTable } from '../queue/dedup.ts';
import type { Engine } from '../queue/engine.ts';
import type { Queue } from '../queue/queue.ts';
import { batchEntries, eachEntry } from './batch.ts';
import { type Action, queueOf } from './context.ts';
import {
  attributesBytes,
  attributesMd5,
  type MessageAttributes,
  parseMessageAttributes,
} from './message-attributes.ts';

const maxBatchBytes = 1_048_576;
const maxDelaySeconds = 900;

/** What is kept beside the body and returned with the message. */
export interface MessageMeta {
  attributes?: MessageAttributes;
  /** AWSTraceHeader. */
  trace?: string;
}

/** A message as a request gives it, checked. */
export interface Outgoing {
  body: string;
  bytes: number;
  attributes: MessageAttributes | undefined;
  systemAttributes: MessageAttributes | undefined;
  group: string;
  dedupId: string;
  delay: number;
}

/** What is answered to a send. */
export interface SendResult {
  MessageId: string;
  MD5OfMessageBody: string;
  MD5OfMessageAttributes?: string;
  MD5OfMessageSystemAttributes?: string;
  SequenceNumber?: string;
}

/** FIFO sequence numbers are returned as 20 digits. */
export function sequenceText(sequence: number): string {
  return String(sequence).padStart(20, '0');
}

// XML 1.0 characters; a lone surrogate is none.
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

function checkedBody(input: Input): string {
  const body = input.required('MessageBody');
  if (forbidden.test(body)) {
    throw new ServiceError({
      code: 'InvalidMessageContents',
      message:
        'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    });
  }
  return body;
}

/** Message groups and deduplication ids. */
export const idPattern = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

function checkedId(input: Input, name: 'MessageGroupId' | 'MessageDeduplicationId'): string {
  const value = input.text(name);
  if (value === undefined) return '';
  if (!idPattern.test(value)) {
    const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
    throw invalidValue(value, name, reason);
  }
  return value;
}

function delayOf(input: Input, queue: Queue): number {
  const seconds = input.integer('DelaySeconds');
  if (seconds === undefined) return queue.settings.delay;
  if (seconds < 0 || seconds > maxDelaySeconds) {
    throw invalidValue(
      seconds,
      'DelaySeconds',
      `DelaySeconds must be >= 0 and <= ${maxDelaySeconds}.`,
    );
  }
  if (!queue.fifo) return seconds * 1000;
  if (seconds > 0) {
    const reason = 'The request include parameter that is not valid for this queue type.';
    throw invalidValue(seconds, 'DelaySeconds', reason);
  }
  return queue.settings.delay;
}

/** Reads one message of a request. @throws ServiceError */
export function parseOutgoing(input: Input, queue: Queue): Outgoing {
  const body = checkedBody(input);
  const attributes = parseMessageAttributes(input, 'MessageAttributes');
  const systemAttributes = parseMessageAttributes(input, 'MessageSystemAttributes');
  const group = checkedId(input, 'MessageGroupId');
  const dedupId = checkedId(input, 'MessageDeduplicationId');
  if (!queue.fifo && dedupId !== '') {
    const reason = 'The request include parameter that is not valid for this queue type.';
    throw invalidValue(dedupId, 'MessageDeduplicationId', reason);
  }
  if (queue.fifo && group === '') throw missingParameter('MessageGroupId');
  if (queue.fifo && dedupId === '' && !queue.settings.contentBasedDeduplication) {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  const bytes = Buffer.byteLength(body) + attributesBytes(attributes);
  const delay = delayOf(input, queue);
  return { body, bytes, attributes, systemAttributes, group, dedupId, delay };
}

/**
 * Stores the message, or answers as its first send was when it is a duplicate.
 * @param requestTrace X-Amzn-Trace-Id of the request; the message's own AWSTraceHeader goes before it
 */
export function send(
  engine: Engine,
  queue: Queue,
  outgoing: Outgoing,
  requestTrace?: string,
): SendResult {
  const { body, attributes, systemAttributes, group, delay } = outgoing;
  const md5 = hash('md5', body);
  const result: SendResult = { MessageId: '', MD5OfMessageBody: md5 };
  if (attributes) result.MD5OfMessageAttributes = attributesMd5(attributes);
  if (systemAttributes) result.MD5OfMessageSystemAttributes = attributesMd5(systemAttributes);
  let dedupKey = '';
  if (queue.fifo) {
    const { dedupPerGroup } = queue.settings;
    const dedupId = outgoing.dedupId || hash('sha256', body);
    const first = queue.dedup.find(dedupId, group, dedupPerGroup, engine.now());
    if (first) {
      result.MessageId = first.id;
      result.SequenceNumber = sequenceText(first.sequence);
      return result;
    }
    dedupKey = DedupTable.key(dedupId, group, dedupPerGroup);
  }
  const meta: MessageMeta = {};
  if (attributes) meta.attributes = attributes;
  const trace = systemAttributes?.AWSTraceHeader?.StringValue ?? requestTrace;
  if (trace) meta.trace = trace;
  const kept = attributes || trace ? JSON.stringify(meta) : '';
  result.MessageId = randomUUID();
  const content = { id: result.MessageId, md5, body, group, dedupKey, meta: kept, delay };
  const sequence = engine.send(queue, content);
  if (queue.fifo) result.SequenceNumber = sequenceText(sequence);
  return result;
}

export const sendMessage: Action = (input, context) => {
  const queue = queueOf(input, context);
  const outgoing = parseOutgoing(input, queue);
  const { maxMessageBytes } = queue.settings;
  if (outgoing.bytes > maxMessageBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxMessageBytes} bytes.`,
    );
  }
  const result = send(context.engine, queue, outgoing, context.trace);
  context.engine.wake(queue);
  return result;
};

export const sendMessageBatch: Action = (input, context) => {
  const queue = queueOf(input, context);
  const entries = batchEntries(input);
  if (queue.fifo && entries.some((entry) => !entry.text('MessageGroupId'))) {
    throw invalidParameter('The request must contain the parameter MessageGroupId.');
  }
  const outgoing = new Map(entries.map((entry) => [entry, parseOutgoing(entry, queue)]));
  const total = [...outgoing.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > maxBatchBytes) {
    throw sqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${maxBatchBytes} bytes. You have sent ${total} bytes.`,
    );
  }
  const { maxMessageBytes } = queue.settings;
  const answer = eachEntry(entries, (entry) => {
    const message = outgoing.get(entry) as Outgoing;
    if (message.bytes > maxMessageBytes) {
      throw invalidParameter(
        `One or more parameters cannot be validated. Reason: Message must be shorter than ${maxMessageBytes} bytes.`,
      );
    }
    return send(context.engine, queue, message, context.trace);
  });
  context.engine.wake(queue);
  return answer;
};
