import type { Input } from '../protocol/input.ts';
import { pageOf } from '../protocol/pages.ts';
import type { Policy } from '../protocol/policy.ts';
import { type Action, type ActionContext, accountId } from '../sqs/context.ts';
import { checkArn, invalidTopicParameter, notFound } from './errors.ts';
import type { Topic } from './topics.ts';

const pageSize = 100;
const namePattern = /^[A-Za-z0-9_-]{1,256}$/;
const fifoNamePattern = /^(?=.{1,256}$)[A-Za-z0-9_-]+\.fifo$/;

/** The topic of a request. @throws ServiceError InvalidParameter, NotFound */
export function topicOf(input: Input, { topics }: ActionContext): Topic {
  const arn = input.text('TopicArn') ?? '';
  checkArn(arn, 'TopicArn');
  const topic = topics.get(arn);
  if (!topic) throw notFound('Topic');
  return topic;
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
  const { FifoTopic, ...attributes } = given;
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

export const deleteTopic: Action = (input, { topics }) => {
  const arn = input.text('TopicArn') ?? '';
  checkArn(arn, 'TopicArn');
  if (topics.get(arn)) topics.remove(arn);
  return {};
};

export const listTopics: Action = (input, { topics }) => {
  const { page, next } = pageOf(topics.all(), ({ arn }) => arn, pageSize, input.text('NextToken'));
  return {
    Topics: page.map(({ arn }) => ({ TopicArn: arn })),
    ...(next && { NextToken: next }),
  };
};

const defaultRetry = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};

/** What AWS makes of a delivery policy by filling in the defaults. */
function effectiveDelivery(policy: string | undefined): string {
  const http = policy ? (JSON.parse(policy).http ?? {}) : {};
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: { ...defaultRetry, ...http.defaultHealthyRetryPolicy },
      disableSubscriptionOverrides: http.disableSubscriptionOverrides ?? false,
      defaultRequestPolicy: {
        headerContentType: 'text/plain; charset=UTF-8',
        ...http.defaultRequestPolicy,
      },
    },
  });
}

const defaultActions = [
  ...['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission'],
  ...['DeleteTopic', 'Subscribe', 'ListSubscriptionsByTopic', 'Publish'],
];

/** The policy of a topic for which none was set: its owner may do everything. */
export function defaultPolicy(arn: string): Policy {
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: defaultActions.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  };
}

function describeTopic(topic: Topic, subscriptions: number): Record<string, string> {
  return {
    ...(topic.fifo && { FifoTopic: 'true', ContentBasedDeduplication: 'false' }),
    DisplayName: '',
    Policy: JSON.stringify(defaultPolicy(topic.arn)),
    ...topic.attributes,
    EffectiveDeliveryPolicy: effectiveDelivery(topic.attributes.DeliveryPolicy),
    Owner: accountId,
    SubscriptionsConfirmed: String(subscriptions),
    SubscriptionsDeleted: String(topic.deletedSubscriptions),
    SubscriptionsPending: '0',
    TopicArn: topic.arn,
  };
}

export const getTopicAttributes: Action = (input, context) => {
  const topic = topicOf(input, context);
  const subscriptions = context.topics.subscriptionsOf(topic.arn).length;
  return { Attributes: describeTopic(topic, subscriptions) };
};

// The feedback attributes exist for each protocol: SQSSuccessFeedbackRoleArn and so on.
const settable =
  /^(DisplayName|Policy|DeliveryPolicy|KmsMasterKeyId|SignatureVersion|TracingConfig|ContentBasedDeduplication|ArchivePolicy|FifoThroughputScope|[A-Za-z]+(Success|Failure)Feedback(RoleArn|SampleRate))$/;

export const setTopicAttributes: Action = (input, context) => {
  const topic = topicOf(input, context);
  const name = input.required('AttributeName');
  const value = input.text('AttributeValue') ?? '';
  if (!settable.test(name)) throw invalidTopicParameter('AttributeName');
  const attributes = { ...topic.attributes, [name]: value };
  if (value === '') delete attributes[name];
  context.topics.save({ ...topic, attributes });
  return {};
};

/** Tags are asked for by `ResourceArn`. */
function taggedTopic(input: Input, { topics }: ActionContext): Topic {
  const topic = topics.get(input.required('ResourceArn'));
  if (!topic) throw notFound('Topic');
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
