import { invalidValue, sqsError } from '../protocol/errors.ts';
import type { Input } from '../protocol/input.ts';
import type { Queue, Waiter } from '../queue/queue.ts';
import type { MessageRecord } from '../store/records.ts';
import { type Action, type ActionContext, accountId, queueOf } from './context.ts';
import { attributesMd5, selectAttributes } from './message-attributes.ts';
import { encodeReceipt } from './receipt.ts';
import { type MessageMeta, sequenceText } from './send.ts';

interface Request {
  queue: Queue;
  max: number;
  /** Milliseconds. */
  visibilityTimeout: number;
  wait: number;
  systemNames: string[];
  attributeNames: string[];
  /** ReceiveRequestAttemptId; FIFO queues only. */
  attemptId: string | undefined;
}

function inRange(input: Input, name: string, from: number, to: number, reason: string) {
  const value = input.integer(name);
  if (value !== undefined && (value < from || value > to)) throw invalidValue(value, name, reason);
  return value;
}

function parseRequest(input: Input, context: ActionContext): Request {
  const queue = queueOf(input, context);
  const max = inRange(
    input,
    'MaxNumberOfMessages',
    1,
    10,
    'Must be between 1 and 10, if provided.',
  );
  const wait = inRange(input, 'WaitTimeSeconds', 0, 20, 'Must be >= 0 and <= 20, if provided.');
  const timeout = inRange(
    input,
    'VisibilityTimeout',
    0,
    43_200,
    'Must be >= 0 and <= 43200, if provided.',
  );
  const { settings } = queue;
  return {
    queue,
    max: max ?? 1,
    wait: wait === undefined ? settings.wait : wait * 1000,
    visibilityTimeout: timeout === undefined ? settings.visibilityTimeout : timeout * 1000,
    systemNames: systemNamesOf(input, context),
    attributeNames: input.texts('MessageAttributeNames'),
    attemptId: attemptIdOf(input, queue),
  };
}

/** Two parameters name system attributes: on the Query protocol the older one counts, when it is there. */
function systemNamesOf(input: Input, { protocol }: ActionContext): string[] {
  const older = input.texts('AttributeNames');
  if (protocol === 'query' && older.length > 0) return older;
  return [...older, ...input.texts('MessageSystemAttributeNames')];
}

export const receiveMessage: Action = (input, context) => {
  const request = parseRequest(input, context);
  const messages = repeated(request, context) ?? take(request, context);
  if (messages.length > 0) return { Messages: messages };
  if (request.wait === 0) {
    if (!request.queue.fifo && request.queue.hasReady) {
      throw sqsError('OverLimit', 'Too many messages in flight.', 403);
    }
    return {};
  }
  return waitForMessages(request, context);
};

function attemptIdOf(input: Input, queue: Queue): string | undefined {
  const id = input.text('ReceiveRequestAttemptId');
  if (id === undefined || queue.fifo) return id;
  const reason = 'The request include parameter that is not valid for this queue type.';
  throw invalidValue(id, 'ReceiveRequestAttemptId', reason);
}

function repeated(request: Request, context: ActionContext): object[] | undefined {
  const { queue, attemptId, visibilityTimeout } = request;
  if (attemptId === undefined) return undefined;
  const slots = context.receiveAttempts.repeat(queue, attemptId, visibilityTimeout);
  return slots && describe(slots, request, context);
}

function take(request: Request, context: ActionContext): object[] {
  const { queue, max, visibilityTimeout, attemptId } = request;
  for (;;) {
    const slots = context.engine.receive(queue, max, visibilityTimeout);
    const messages = describe(slots, request, context);
    if (messages.length === 0 && slots.length > 0) continue; // all were damaged, and are gone
    if (attemptId !== undefined && messages.length === slots.length && slots.length > 0) {
      context.receiveAttempts.remember(queue, attemptId, slots);
    }
    return messages;
  }
}

function describe(slots: number[], request: Request, { engine }: ActionContext): object[] {
  return slots.flatMap((slot) => {
    const record = engine.readOrDrop(slot);
    return record ? [describeMessage(record, slot, request)] : [];
  });
}

function waitForMessages(request: Request, context: ActionContext): Promise<object> {
  const { onGone } = context;
  const { waiters } = request.queue;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      waiters.delete(waiter);
    };
    const giveUp = (): void => {
      leave();
      resolve({});
    };
    const waiter: Waiter = {
      giveUp,
      serve() {
        try {
          const messages = take(request, context);
          if (messages.length === 0) return false;
          resolve({ Messages: messages });
        } catch (error) {
          reject(error); // this request's fault, not that of the send that woke it
        }
        leave();
        return true;
      },
    };
    const timer = setTimeout(giveUp, request.wait);
    onGone(giveUp);
    waiters.add(waiter);
  });
}

function describeMessage(record: MessageRecord, slot: number, request: Request): object {
  const { queue, systemNames, attributeNames } = request;
  const { sequence, receives } = record;
  const message: Record<string, unknown> = {
    MessageId: record.id,
    ReceiptHandle: encodeReceipt({ queue: queue.number, slot, sequence, receives }),
    MD5OfBody: record.md5,
    Body: record.body,
  };
  const meta: MessageMeta = record.meta === '' ? {} : JSON.parse(record.meta);
  if (systemNames.length > 0) {
    const system: Record<string, string> = {
      SenderId: accountId,
      SentTimestamp: String(record.sentAt),
      ApproximateReceiveCount: String(receives),
      ApproximateFirstReceiveTimestamp: String(record.firstReceivedAt),
    };
    if (record.group !== '') system.MessageGroupId = record.group;
    if (queue.fifo) {
      system.SequenceNumber = sequenceText(sequence);
      system.MessageDeduplicationId = dedupIdOf(record.dedupKey);
    }
    if (meta.trace) system.AWSTraceHeader = meta.trace;
    if (record.source !== '') system.DeadLetterQueueSourceArn = record.source;
    const chosen = Object.entries(system).filter(
      ([name]) => systemNames.includes('All') || systemNames.includes(name),
    );
    if (chosen.length > 0) message.Attributes = Object.fromEntries(chosen);
  }
  const attributes = selectAttributes(meta.attributes, attributeNames);
  if (attributes) {
    message.MD5OfMessageAttributes = attributesMd5(attributes);
    message.MessageAttributes = attributes;
  }
  return message;
}

/** The key holds its scope in front of the id. */
function dedupIdOf(key: string): string {
  return key.startsWith('q') ? key.slice(1) : key.slice(key.indexOf('\n') + 1);
}
