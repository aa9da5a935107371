import { hash, randomUUID } from 'node:crypto';
import type { Input } from '../protocol/input.ts';
import { dedupMilliseconds } from '../queue/dedup.ts';
import type { Action, ActionContext } from '../sqs/context.ts';
import {
  type AttributeValue,
  attributesBytes,
  type MessageAttributes,
} from '../sqs/message-attributes.ts';
import { send, sequenceText } from '../sqs/send.ts';
import { parseTopicAttributes } from './attributes.ts';
import { checkArn, invalidTopicParameter, notFound, snsError } from './errors.ts';
import type { Published, Subscription, Topic } from './topics.ts';

const maxBytes = 262_144;
const maxEntries = 10;
const maxSubjectLength = 100;

/** A publication as a request gives it, checked. */
interface Publication {
  message: string;
  /** Texts by protocol (MessageStructure `json`). */
  byProtocol: Record<string, unknown> | undefined;
  subject: string | undefined;
  attributes: MessageAttributes | undefined;
  group: string;
  dedupId: string;
  bytes: number;
}

function topicOf(input: Input, { topics, region }: ActionContext): Topic {
  const target = input.text('TargetArn');
  const arn = input.text('TopicArn') ?? target;
  if (arn === undefined) {
    throw invalidTopicParameter('TopicArn or TargetArn Reason: no value for required parameter');
  }
  checkArn(arn, 'TopicArn');
  if (arn.includes(':endpoint/')) {
    throw invalidTopicParameter('TargetArn Reason: No endpoint found for the target arn specified');
  }
  if (arn.split(':')[3] !== region) throw invalidTopicParameter('TopicArn');
  const topic = topics.get(arn);
  if (!topic) throw notFound('Topic');
  return topic;
}

function structured(message: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalidTopicParameter('Message Structure - JSON message body failed to parse');
  }
  const texts = parsed as Record<string, unknown> | null;
  if (typeof texts?.default !== 'string') {
    throw invalidTopicParameter('Message Structure - No default entry in JSON message body');
  }
  return texts;
}

function parsePublication(input: Input, topic: Topic, path: string): Publication {
  const message = input.text('Message') ?? '';
  if (message === '') throw invalidTopicParameter('Empty message');
  const subject = input.text('Subject');
  if (subject !== undefined && (subject === '' || subject.length > maxSubjectLength)) {
    throw invalidTopicParameter('Subject');
  }
  const attributes = parseTopicAttributes(input, path);
  const bytes = Buffer.byteLength(message) + attributesBytes(attributes);
  const json = input.text('MessageStructure') === 'json';
  const group = input.text('MessageGroupId') ?? '';
  const dedupId = input.text('MessageDeduplicationId') ?? '';
  checkOrdering(topic, group, dedupId);
  const byProtocol = json ? structured(message) : undefined;
  return { message, byProtocol, subject, attributes, group, dedupId, bytes };
}

function checkOrdering(topic: Topic, group: string, dedupId: string): void {
  if (topic.fifo && group === '') {
    throw invalidTopicParameter('The MessageGroupId parameter is required for FIFO topics');
  }
  if (topic.fifo && dedupId === '' && topic.attributes.ContentBasedDeduplication !== 'true') {
    throw invalidTopicParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  if (!topic.fifo && dedupId !== '') {
    throw invalidTopicParameter(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
}

/** Hands a publication to every subscription it is for. */
function publishOne(publication: Publication, topic: Topic, context: ActionContext): object {
  const { engine, topics } = context;
  const dedupId = publication.dedupId || hash('sha256', publication.message);
  const known = topic.fifo ? findPublished(topic, dedupId, publication.group, context) : undefined;
  if (known) return { MessageId: known.id, SequenceNumber: sequenceText(known.sequence) };
  const id = randomUUID();
  const sequence = topic.fifo ? engine.messages.takeSequence() : 0;
  for (const subscription of topics.subscriptionsOf(topic.arn)) {
    if (!topics.filterOf(subscription)(publication.attributes, publication.message)) continue;
    deliver(publication, { id, sequence, dedupId }, topic, subscription, context);
  }
  if (!topic.fifo) return { MessageId: id };
  const at = engine.now();
  const published = topics.published.get(topic.arn) ?? new Map<string, Published>();
  published.set(publishedKey(topic, dedupId, publication.group), { id, sequence, at });
  topics.published.set(topic.arn, published);
  return { MessageId: id, SequenceNumber: sequenceText(sequence) };
}

/** AWS: FIFO topics look for duplicates in the topic, or in the group (FifoThroughputScope). */
function publishedKey(topic: Topic, dedupId: string, group: string): string {
  return topic.attributes.FifoThroughputScope === 'MessageGroup' ? `${group}\n${dedupId}` : dedupId;
}

function findPublished(
  topic: Topic,
  dedupId: string,
  group: string,
  { topics, engine }: ActionContext,
): Published | undefined {
  const published = topics.published.get(topic.arn);
  if (!published) return undefined;
  for (const [key, { at }] of published) {
    if (at > engine.now() - dedupMilliseconds) break;
    published.delete(key);
  }
  return published.get(publishedKey(topic, dedupId, group));
}

interface Identity {
  id: string;
  sequence: number;
  dedupId: string;
}

function deliver(
  publication: Publication,
  identity: Identity,
  topic: Topic,
  subscription: Subscription,
  context: ActionContext,
): void {
  const { engine } = context;
  const queue =
    engine.queues.byArn(subscription.endpoint) ??
    engine.queues.byArn(deadLetterArn(subscription) ?? '');
  if (!queue) return; // AWS: a deleted queue's messages are lost, unless the subscription has a DLQ
  const raw = subscription.attributes.RawMessageDelivery === 'true';
  const body = raw
    ? textFor(publication, subscription)
    : envelope(publication, identity, topic, subscription, context);
  send(engine, queue, {
    body,
    bytes: Buffer.byteLength(body),
    attributes: raw ? publication.attributes : undefined,
    systemAttributes: context.trace
      ? { AWSTraceHeader: { DataType: 'String', StringValue: context.trace } }
      : undefined,
    group: publication.group,
    dedupId: queue.fifo ? identity.dedupId : '',
    delay: queue.settings.delay,
  });
  queue.wake();
}

function deadLetterArn(subscription: Subscription): string | undefined {
  const policy = subscription.attributes.RedrivePolicy;
  return policy ? JSON.parse(policy).deadLetterTargetArn : undefined;
}

function textFor({ message, byProtocol }: Publication, { protocol }: Subscription): string {
  if (!byProtocol) return message;
  const own = byProtocol[protocol];
  return typeof own === 'string' ? own : String(byProtocol.default);
}

function envelope(
  publication: Publication,
  { id, sequence }: Identity,
  topic: Topic,
  subscription: Subscription,
  { baseUrl, engine }: ActionContext,
): string {
  const { subject, attributes } = publication;
  return JSON.stringify({
    Type: 'Notification',
    MessageId: id,
    ...(topic.fifo && { SequenceNumber: sequenceText(sequence) }),
    TopicArn: topic.arn,
    ...(subject !== undefined && { Subject: subject }),
    Message: textFor(publication, subscription),
    Timestamp: new Date(engine.now()).toISOString(),
    UnsubscribeURL: `${baseUrl}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(attributes && { MessageAttributes: envelopeAttributes(attributes) }),
  });
}

function envelopeAttributes(attributes: MessageAttributes): object {
  const describe = ({ DataType, StringValue, BinaryValue }: AttributeValue) => ({
    Type: DataType,
    Value: BinaryValue ?? StringValue,
  });
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, describe(value)]),
  );
}

export const publish: Action = (input, context) => {
  if (input.has('PhoneNumber'))
    throw invalidTopicParameter('PhoneNumber Reason: SMS is not supported');
  const topic = topicOf(input, context);
  const publication = parsePublication(input, topic, 'messageAttributes');
  if (publication.bytes > maxBytes) throw invalidTopicParameter('Message too long');
  return publishOne(publication, topic, context);
};

export const publishBatch: Action = (input, context) => {
  const topic = topicOf(input, context);
  const entries = input.entries('PublishBatchRequestEntries');
  checkEntries(entries);
  const publications = entries.map((entry, index) => ({
    id: entry.required('Id'),
    publication: parsePublication(
      entry,
      topic,
      `publishBatchRequestEntries.${index + 1}.member.messageAttributes`,
    ),
  }));
  const total = publications.reduce((sum, { publication }) => sum + publication.bytes, 0);
  if (total > maxBytes) {
    throw snsError(
      'BatchRequestTooLong',
      'The length of all the messages put together is more than the limit.',
    );
  }
  const successful = publications.map(({ id, publication }) => ({
    Id: id,
    ...publishOne(publication, topic, context),
  }));
  return { Successful: successful, Failed: [] };
};

function checkEntries(entries: Input[]): void {
  if (entries.length === 0) {
    throw snsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  }
  if (entries.length > maxEntries) {
    throw snsError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  }
  const ids = entries.map((entry) => entry.text('Id') ?? '');
  for (const id of ids) {
    const what = 'The Id of a batch entry in the batch request';
    if (id.length > 80) throw snsError('InvalidBatchEntryId', `${what} is too long: ${id}`);
    if (!/^[A-Za-z0-9_-]+$/.test(id)) {
      throw snsError('InvalidBatchEntryId', `${what} contains an impermissible character: ${id}`);
    }
  }
  if (new Set(ids).size < ids.length) {
    throw snsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
}
