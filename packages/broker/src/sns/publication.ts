import type { Input } from '../protocol/input.ts';
import { attributesBytes, type MessageAttributes } from '../sqs/message-attributes.ts';
import { idPattern } from '../sqs/send.ts';
import { parseTopicAttributes } from './attributes.ts';
import { invalidTopicParameter, snsError } from './errors.ts';
import type { Topic } from './topics.ts';

const maxEntries = 10;
const maxSubjectLength = 100;

/** What a request publishes, checked. */
export interface Publication {
  message: string;
  /** Texts by protocol (MessageStructure `json`). */
  byProtocol: Record<string, unknown> | undefined;
  subject: string | undefined;
  attributes: MessageAttributes | undefined;
  group: string;
  dedupId: string;
  bytes: number;
}

/**
 * Reads one message of a request; `path` names its attributes in AWS's validation errors.
 * @throws ServiceError InvalidParameter, ParameterValueInvalid, ValidationError
 */
export function parsePublication(input: Input, topic: Topic, path: string): Publication {
  const message = input.text('Message') ?? '';
  if (message === '') throw invalidTopicParameter('Empty message');
  const subject = input.text('Subject');
  if (subject !== undefined && (subject === '' || subject.length > maxSubjectLength)) {
    throw invalidTopicParameter('Subject');
  }
  const attributes = parseTopicAttributes(input, path);
  const bytes = Buffer.byteLength(message) + attributesBytes(attributes);
  const byProtocol = input.text('MessageStructure') === 'json' ? structured(message) : undefined;
  const group = idOf(input, 'MessageGroupId');
  const dedupId = idOf(input, 'MessageDeduplicationId');
  checkOrdering(topic, group, dedupId);
  return { message, byProtocol, subject, attributes, group, dedupId, bytes };
}

function idOf(input: Input, name: string): string {
  const id = input.text(name) ?? '';
  if (id !== '' && !idPattern.test(id)) {
    throw invalidTopicParameter(
      `${name} Reason: it can only include alphanumeric and punctuation characters, 1 to 128 of them`,
    );
  }
  return id;
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

/** The entries of a PublishBatch. @throws ServiceError when the whole batch is refused */
export function batchOf(input: Input): Input[] {
  const entries = input.entries('PublishBatchRequestEntries');
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
  return entries;
}
