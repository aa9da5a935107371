import { randomUUID } from 'node:crypto';
import { ServiceError } from '../protocol/errors.ts';
import type { Input } from '../protocol/input.ts';
import { pageOf } from '../protocol/pages.ts';
import { type Action, type ActionContext, accountId } from '../sqs/context.ts';
import { checkArn, invalidTopicParameter, notFound, snsError } from './errors.ts';
import {
  describeSubscription,
  mergeAttributes,
  parseAttributes,
  sameAttributes,
} from './subscription-attributes.ts';
import { topicOf } from './topic-actions.ts';
import type { Subscription, Topic } from './topics.ts';

const pageSize = 100;
// Digits, in parts that one of a few marks divides.
const phonePattern = /^\+?\d+(?:[-./]\d+)*$/;
const tokenPattern = /^[0-9a-f]{64,}$/;
const protocols = [
  ...['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose'],
];

function checkEndpoint(protocol: string, endpoint: string, topic: Topic, region: string): void {
  if (!protocols.includes(protocol)) {
    throw invalidTopicParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
  }
  if (protocol === 'sms' && !phonePattern.test(endpoint)) {
    throw snsError('InvalidParameter', `Invalid SMS endpoint: ${endpoint}`);
  }
  if (protocol !== 'sqs') {
    throw invalidTopicParameter(`Protocol Reason: ${protocol} is not supported here, only sqs is`);
  }
  if (!endpoint.startsWith('arn:aws:sqs:') || endpoint.split(':').length !== 6) {
    throw invalidTopicParameter('SQS endpoint ARN');
  }
  if (endpoint.split(':')[3] !== region) throw invalidTopicParameter('SQS endpoint ARN');
  if (endpoint.endsWith('.fifo') && !topic.fifo) {
    throw invalidTopicParameter(
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    );
  }
}

export const subscribe: Action = (input, context) => {
  const { topics, region } = context;
  const topic = topicOf(input, context);
  const protocol = input.text('Protocol') ?? '';
  const endpoint = input.text('Endpoint') ?? '';
  checkEndpoint(protocol, endpoint, topic, region);
  const subscription: Subscription = {
    arn: `${topic.arn}:${randomUUID()}`,
    topicArn: topic.arn,
    protocol,
    endpoint,
    attributes: {},
  };
  const given = attributesOf(input, subscription, topic);
  const known = topics
    .subscriptionsOf(topic.arn)
    .find((one) => one.protocol === protocol && one.endpoint === endpoint);
  if (known) {
    if (!sameAttributes(known.attributes, given)) {
      throw invalidTopicParameter(
        'Attributes Reason: Subscription already exists with different attributes',
      );
    }
    return { SubscriptionArn: known.arn };
  }
  topics.saveSubscription({ ...subscription, attributes: mergeAttributes({}, given) });
  return { SubscriptionArn: subscription.arn };
};

/** What Subscribe says of an attribute is what SetSubscriptionAttributes says, with where it stands. */
function attributesOf(
  input: Input,
  subscription: Subscription,
  topic: Topic,
): Record<string, string> {
  try {
    return parseAttributes(input.map('Attributes'), subscription, topic);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const reason = error.message.replace('Invalid parameter: ', 'Attributes Reason: ');
    throw invalidTopicParameter(reason);
  }
}

/** Subscriptions of queues need no confirmation, so no token is ever good. */
export const confirmSubscription: Action = (input) => {
  checkArn(input.text('TopicArn') ?? '', 'TopicArn');
  if (!tokenPattern.test(input.text('Token') ?? '')) {
    throw snsError('InvalidParameter', 'Invalid token');
  }
  throw invalidTopicParameter('Token');
};

function subscriptionOf(input: Input, { topics }: ActionContext): Subscription {
  const arn = input.text('SubscriptionArn') ?? '';
  checkArn(arn, 'SubscriptionArn');
  const subscription = topics.subscription(arn);
  if (!subscription) throw notFound('Subscription');
  return subscription;
}

export const unsubscribe: Action = (input, { topics }) => {
  const arn = input.text('SubscriptionArn') ?? '';
  if (arn === '') {
    throw invalidTopicParameter('SubscriptionArn Reason: no value for required parameter');
  }
  checkArn(arn, 'SubscriptionArn');
  const id = arn.split(':')[6] ?? '';
  if (!/^[0-9a-f-]{36}$/.test(id)) throw invalidTopicParameter('SubscriptionId');
  const subscription = topics.subscription(arn);
  if (!subscription) return {};
  topics.removeSubscription(subscription);
  const topic = topics.get(subscription.topicArn);
  if (topic) topics.save({ ...topic, deletedSubscriptions: topic.deletedSubscriptions + 1 });
  return {};
};

export const getSubscriptionAttributes: Action = (input, context) => {
  return { Attributes: describeSubscription(subscriptionOf(input, context)) };
};

export const setSubscriptionAttributes: Action = (input, context) => {
  const { topics } = context;
  const subscription = subscriptionOf(input, context);
  const topic = topics.get(subscription.topicArn);
  if (!topic) throw notFound('Topic');
  const name = input.required('AttributeName');
  const value = input.text('AttributeValue') ?? '';
  const set = parseAttributes({ [name]: value }, subscription, topic);
  const attributes = mergeAttributes(subscription.attributes, set);
  topics.saveSubscription({ ...subscription, attributes });
  return {};
};

function describe({ arn, topicArn, protocol, endpoint }: Subscription): object {
  return {
    Endpoint: endpoint,
    Owner: accountId,
    Protocol: protocol,
    SubscriptionArn: arn,
    TopicArn: topicArn,
  };
}

function page(subscriptions: Subscription[], token: string | undefined): object {
  const { page: items, next } = pageOf(subscriptions, ({ arn }) => arn, pageSize, token);
  return { Subscriptions: items.map(describe), ...(next && { NextToken: next }) };
}

export const listSubscriptions: Action = (input, { topics }) =>
  page(topics.allSubscriptions(), input.text('NextToken'));

export const listSubscriptionsByTopic: Action = (input, context) => {
  const topic = topicOf(input, context);
  return page(context.topics.subscriptionsOf(topic.arn), input.text('NextToken'));
};
