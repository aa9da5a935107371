import { hash, randomUUID } from 'node:crypto';
import type { Input } from '../protocol/input.ts';
import { eachEntry } from '../sqs/batch.ts';
import type { Action, ActionContext } from '../sqs/context.ts';
import { sequenceText } from '../sqs/send.ts';
import { deliver, type Notification } from './deliver.ts';
import { invalidTopicParameter, snsError } from './errors.ts';
import { batchOf, type Publication, parsePublication } from './publication.ts';
import { topicAt } from './topic-actions.ts';
import type { Topic } from './topics.ts';

const maxBytes = 262_144;
// E.164
const phonePattern = /^\+[1-9]\d{1,14}$/;

function target(input: Input, context: ActionContext): Topic {
  const arn = input.text('TopicArn') ?? input.text('TargetArn');
  if (arn === undefined) {
    throw invalidTopicParameter('TopicArn or TargetArn Reason: no value for required parameter');
  }
  if (arn.includes(':endpoint/')) {
    throw invalidTopicParameter('TargetArn Reason: No endpoint found for the target arn specified');
  }
  return topicAt(arn, context);
}

/** AWS: a FIFO topic looks for duplicates in the whole topic, or in the group (FifoThroughputScope). */
function publishedKey({ attributes }: Topic, dedupId: string, group: string): string {
  return attributes.FifoThroughputScope === 'MessageGroup' ? `${group}\n${dedupId}` : dedupId;
}

/** Hands a publication to every subscription it is for; a FIFO topic answers a duplicate as the first. */
function publishOne(publication: Publication, topic: Topic, context: ActionContext): object {
  const { engine, topics } = context;
  const dedupId = publication.dedupId || hash('sha256', publication.message);
  const key = publishedKey(topic, dedupId, publication.group);
  const at = engine.now();
  const known = topic.fifo ? topics.publications.find(topic.arn, key, at) : undefined;
  if (known) return { MessageId: known.id, SequenceNumber: sequenceText(known.sequence) };
  const id = randomUUID();
  const sequence = topic.fifo ? engine.messages.takeSequence() : 0;
  const signatures = new Map<string, string>();
  const notification: Notification = { publication, topic, id, sequence, dedupId, at, signatures };
  for (const subscription of topics.subscriptionsOf(topic.arn)) {
    const wanted = topics.filterOf(subscription)(publication.attributes, publication.message);
    if (wanted) deliver(notification, subscription, context);
  }
  if (!topic.fifo) return { MessageId: id };
  topics.publications.add({ topicArn: topic.arn, key, id, sequence, at });
  return { MessageId: id, SequenceNumber: sequenceText(sequence) };
}

export const publish: Action = (input, context) => {
  const phone = input.text('PhoneNumber');
  if (phone !== undefined) {
    const known = phonePattern.test(phone);
    const reason = known ? 'SMS is not supported here' : `${phone} is not valid to publish to`;
    throw invalidTopicParameter(`PhoneNumber Reason: ${reason}`);
  }
  const topic = target(input, context);
  const publication = parsePublication(input, topic, 'messageAttributes');
  if (publication.bytes > maxBytes) throw invalidTopicParameter('Message too long');
  return publishOne(publication, topic, context);
};

export const publishBatch: Action = (input, context) => {
  const topic = target(input, context);
  const entries = batchOf(input);
  const publications = new Map(
    entries.map((entry, index) => {
      const path = `publishBatchRequestEntries.${index + 1}.member.messageAttributes`;
      return [entry, parsePublication(entry, topic, path)];
    }),
  );
  const total = [...publications.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > maxBytes) {
    throw snsError(
      'BatchRequestTooLong',
      'The length of all the messages put together is more than the limit.',
    );
  }
  const answer = eachEntry(entries, (entry) =>
    publishOne(publications.get(entry) as Publication, topic, context),
  );
  return { Successful: [], Failed: [], ...answer };
};
