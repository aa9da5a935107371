import type { Input } from '../protocol/input.ts';
import { pageOf } from '../protocol/pages.ts';
import { type Action, type ActionContext, accountId } from '../sqs/context.ts';
import { checkArn, invalidTopicParameter, notFound, resourceNotFound } from './errors.ts';
import { describeTopic, isSettable, keptValue } from './topic-attributes.ts';
import type { Topic } from './topics.ts';

const pageSize = 100;
const namePattern = /^[A-Za-z0-9_-]{1,256}$/;
const fifoNamePattern = /^(?=.{1,256}$)[A-Za-z0-9_-]+\.fifo$/;

/** The topic of a request. @throws ServiceError InvalidParameter, NotFound */
export function topicOf(input: Input, context: ActionContext): Topic {
  return topicAt(input.text('TopicArn') ?? '', context);
}

export function topicAt(arn: string, context: ActionContext): Topic {
  checkTopicArn(arn, context);
  const topic = context.topics.get(arn);
  if (!topic) throw notFound('Topic');
  return topic;
}

/** AWS: a topic is out of reach from another region. */
function checkTopicArn(arn: string, { region }: ActionContext): void {
  checkArn(arn, 'TopicArn');
  if (arn.split(':')[3] !== region) throw invalidTopicParameter('TopicArn');
}

function tagsOf(input: Input): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const tag of input.entries('Tags')) {
    const key = tag.required('Key');
    if (Object.hasOwn(tags, key)) throw invalidTopicParameter('Duplicated keys are not allowed.');
    tags[key] = tag.text('Value') ?? '';
  }
  return tags;
}

export const createTopic: Action = (input, context) => {
  const { topics, region } = context;
  const name = input.text('Name') ?? '';
  const given = input.map('Attributes');
  const fifo = given.FifoTopic === 'true';
  if (!(fifo ? fifoNamePattern : namePattern).test(name)) {
    throw invalidTopicParameter('Topic Name');
  }
  const attributes = Object.fromEntries(
    Object.entries(given)
      .filter(([attribute]) => attribute !== 'FifoTopic')
      .map(([attribute, value]) => [attribute, keptValue(attribute, value)]),
  );
  const tags = tagsOf(input);
  const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
  const known = topics.get(arn);
  if (known) {
    createAgain(known, attributes, tags);
    return { TopicArn: arn };
  }
  topics.save({ arn, name, fifo, attributes, tags, deletedSubscriptions: 0 });
  return { TopicArn: arn };
};

/** Creating a topic again is fine when nothing that is given differs. */
function createAgain(
  topic: Topic,
  attributes: Record<string, string>,
  tags: Record<string, string>,
): void {
  if (Object.entries(tags).some(([key, value]) => topic.tags[key] !== value)) {
    throw invalidTopicParameter('Tags Reason: Topic already exists with different tags');
  }
  const kept = describeTopic(topic, 0);
  if (Object.entries(attributes).some(([key, value]) => kept[key] !== value)) {
    throw invalidTopicParameter(
      'Attributes Reason: Topic already exists with different attributes',
    );
  }
}

export const deleteTopic: Action = (input, context) => {
  const arn = input.text('TopicArn') ?? '';
  checkTopicArn(arn, context);
  if (context.topics.get(arn)) context.topics.remove(arn);
  return {};
};

export const listTopics: Action = (input, { topics }) => {
  const { page, next } = pageOf(topics.all(), ({ arn }) => arn, pageSize, input.text('NextToken'));
  return {
    Topics: page.map(({ arn }) => ({ TopicArn: arn })),
    ...(next && { NextToken: next }),
  };
};

export const getTopicAttributes: Action = (input, context) => {
  const topic = topicOf(input, context);
  const subscriptions = context.topics.subscriptionsOf(topic.arn).length;
  return { Attributes: describeTopic(topic, subscriptions) };
};

export const setTopicAttributes: Action = (input, context) => {
  const topic = topicOf(input, context);
  const name = input.required('AttributeName');
  const value = input.text('AttributeValue') ?? '';
  if (!isSettable(name)) throw invalidTopicParameter('AttributeName');
  const attributes = { ...topic.attributes, [name]: keptValue(name, value) };
  if (value === '') delete attributes[name];
  context.topics.save({ ...topic, attributes });
  return {};
};

/** Tags are asked for by `ResourceArn`. */
function taggedTopic(input: Input, { topics }: ActionContext): Topic {
  const topic = topics.get(input.required('ResourceArn'));
  if (!topic) throw resourceNotFound();
  return topic;
}

export const tagResource: Action = (input, context) => {
  const topic = taggedTopic(input, context);
  context.topics.save({ ...topic, tags: { ...topic.tags, ...tagsOf(input) } });
  return {};
};

export const untagResource: Action = (input, context) => {
  const topic = taggedTopic(input, context);
  const tags = { ...topic.tags };
  for (const key of input.texts('TagKeys')) delete tags[key];
  context.topics.save({ ...topic, tags });
  return {};
};

export const listTagsForResource: Action = (input, context) => {
  const { tags } = taggedTopic(input, context);
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
};
