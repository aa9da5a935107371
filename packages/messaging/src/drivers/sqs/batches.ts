import { createHash, randomUUID } from 'node:crypto';
import { MessagingError, type OutgoingMessage } from '../../port.ts';

/** SQS and SNS take at most this many messages in one request. */
const MOST_ENTRIES = 10;
/** SQS and SNS take 10; the others are for what the driver adds (see `carried.ts`). */
const MOST_ATTRIBUTES = 7;
/** In all messages of one request (AWS quotas, 2025). */
export const SQS_BATCH_BYTES = 1_048_576;
export const SNS_BATCH_BYTES = 262_144;

export type VendorAttributes = Record<string, { DataType: 'String'; StringValue: string }>;

export function vendorAttributes(
  attributes: Readonly<Record<string, string>>,
): VendorAttributes | undefined {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

/** What SQS and SNS take as the id of a group: letters, digits and punctuation, at most 128. */
const GROUP_ID = /^[!-~]{1,128}$/;

/** A group may be a customer's text: what cannot be its own id is told by its hash, every time the same. */
const groupId = (group: string): string =>
  GROUP_ID.test(group) ? group : createHash('sha256').update(group).digest('base64url');

/**
 * Which messages belong together, and which is sent twice. Unordered queues and topics refuse
 * deduplication; a group makes unordered queues fair ones.
 */
export function groupFields(
  { group, deduplicationId }: { group?: string | undefined; deduplicationId?: string | undefined },
  ordered: boolean,
): { MessageGroupId?: string; MessageDeduplicationId?: string } {
  if (ordered && group === undefined) {
    throw new MessagingError('rejected', 'A message on an ordered queue or topic needs a group');
  }
  return {
    ...(group !== undefined && { MessageGroupId: groupId(group) }),
    ...(ordered && { MessageDeduplicationId: deduplicationId ?? randomUUID() }),
  };
}

/** As brokers count it: the body, and name, type and value of every attribute, in UTF-8. */
export function messageBytes({ body, attributes = {} }: OutgoingMessage): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) =>
      sum + Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value),
    Buffer.byteLength(body),
  );
}

interface Batch {
  readonly messages: OutgoingMessage[];
  bytesLeft: number;
}

/**
 * Cuts messages into requests. A request may fail for some of its messages only, which are then sent
 * again: so no two of a group are in one where order counts, or the second could overtake the first.
 * Throws `MessagingError` (`rejected`) for more attributes than the port allows.
 */
export function batches(
  messages: readonly OutgoingMessage[],
  mostBytes: number,
  ordered: boolean,
): OutgoingMessage[][] {
  const all: Batch[] = [];
  const lastOfGroup = new Map<string, number>();
  for (const message of messages) {
    const names = Object.keys(message.attributes ?? {});
    if (names.length > MOST_ATTRIBUTES) {
      throw new MessagingError('rejected', `A message has at most ${MOST_ATTRIBUTES} attributes`);
    }
    const bytes = messageBytes(message);
    const group = ordered ? message.group : undefined;
    const earliest = group === undefined ? all.length - 1 : (lastOfGroup.get(group) ?? -1) + 1;
    let index = all.findIndex(
      (batch, n) =>
        n >= earliest && batch.messages.length < MOST_ENTRIES && bytes <= batch.bytesLeft,
    );
    if (index < 0) index = all.push({ messages: [], bytesLeft: mostBytes }) - 1;
    const batch = all[index] as Batch;
    batch.messages.push(message);
    batch.bytesLeft -= bytes;
    if (group !== undefined) lastOfGroup.set(group, index);
  }
  return all.map((batch) => batch.messages);
}
