import { randomUUID } from 'node:crypto';
import type { Input } from '../protocol/input.ts';
import { pageOf } from '../protocol/pages.ts';
import { type Action, type ActionContext, accountId } from '../sqs/context.ts';
import { checkArn, invalidTopicParameter, notFound } from './errors.ts';
import { checkFilterPolicy } from './filter-check.ts';
import { topicOf } from './topic-actions.ts';
import type { Subscription, Topic } from './topics.ts';

const pageSize = 100;
const protocols = [
  ...['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose'],
];

type Attributes = Record<string, string>;

function parseJson(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    throw invalidTopicParameter(`${name}: failed to parse JSON. ${(error as Error).message}`);
  }
}

function checkRedrivePolicy(value: string, topic: Topic): void {
  const policy = parseJson('RedrivePolicy', value) as { deadLetterTargetArn?: unknown } | null;
  const target = String(policy?.deadLetterTargetArn ?? '');
  if (!/^arn:[^:]+:sqs:[^:]+:[^:]+:[^:]+$/.test(target)) {
    throw invalidTopicParameter('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  }
  if (topic.fifo && !target.endsWith('.fifo')) {
    throw invalidTopicParameter(
      'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
    );
  }
}

/** @throws ServiceError InvalidParameter as AWS words it when an attribute is set alone */
function checkAttribute(name: string, value: string, scope: string, topic: Topic): void {
  if (name === 'RawMessageDelivery') {
    if (value.toLowerCase() !== 'true' && value.toLowerCase() !== 'false') {
      throw invalidTopicParameter(
        `RawMessageDelivery: Invalid value [${value}]. Must be true or false.`,
      );
    }
  } else if (name === 'FilterPolicy') {
    if (value !== '') checkFilterPolicy(parseJson('FilterPolicy', value), scope);
  } else if (name === 'FilterPolicyScope') {
    if (value !== 'MessageAttributes' && value !== 'MessageBody') {
      throw invalidTopicParameter(
        `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
      );
    }
  } else if (name === 'RedrivePolicy') {
    if (value !== '') checkRedrivePolicy(value, topic);
  } else if (name !== 'DeliveryPolicy' && name !== 'SubscriptionRoleArn') {
    throw invalidTopicParameter('AttributeName');
  }
}

function merge(kept: Attributes, set: Attributes): Attributes {
  const merged = { ...kept, ...set };
  for (const name of ['FilterPolicy', 'RedrivePolicy'])
    if (merged[name] === '') delete merged[name];
  if (merged.RawMessageDelivery)
    merged.RawMessageDelivery = merged.RawMessageDelivery.toLowerCase();
  if (merged.FilterPolicy) merged.FilterPolicyScope ??= 'MessageAttributes';
  else delete merged.FilterPolicyScope;
  return merged;
}

function checkEndpoint(protocol: string, endpoint: string, topic: Topic, region: string): void {
  if (!protocols.includes(protocol)) {
    throw invalidTopicParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
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
  const given = input.map('Attributes');
  try {
    for (const [name, value] of Object.entries(given)) {
      checkAttribute(name, value, given.FilterPolicyScope ?? 'MessageAttributes', topic);
    }
  } catch (error) {
    const { message } = error as Error;
    throw invalidTopicParameter(message.replace('Invalid parameter: ', 'Attributes Reason: '));
  }
  const known = topics
    .subscriptionsOf(topic.arn)
    .find((one) => one.protocol === protocol && one.endpoint === endpoint);
  if (known) {
    const merged: Attributes = merge({ RawMessageDelivery: 'false' }, known.attributes);
    if (Object.entries(given).some(([name, value]) => (merged[name] ?? '') !== value)) {
      throw invalidTopicParameter(
        'Attributes Reason: Subscription already exists with different attributes',
      );
    }
    return { SubscriptionArn: known.arn };
  }
  const arn = `${topic.arn}:${randomUUID()}`;
  const attributes = merge({}, given);
  topics.saveSubscription({ arn, topicArn: topic.arn, protocol, endpoint, attributes });
  return { SubscriptionArn: arn };
};

/** Subscriptions of queues need no confirmation, so no token is ever good. */
export const confirmSubscription: Action = (input, context) => {
  topicOf(input, context);
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
  const { arn, topicArn, protocol, endpoint, attributes } = subscriptionOf(input, context);
  return {
    Attributes: {
      ConfirmationWasAuthenticated: 'true',
      Endpoint: endpoint,
      Owner: accountId,
      PendingConfirmation: 'false',
      Protocol: protocol,
      RawMessageDelivery: 'false',
      SubscriptionArn: arn,
      SubscriptionPrincipal: `arn:aws:iam::${accountId}:root`,
      TopicArn: topicArn,
      ...attributes,
    },
  };
};

export const setSubscriptionAttributes: Action = (input, context) => {
  const { topics } = context;
  const subscription = subscriptionOf(input, context);
  const topic = topics.get(subscription.topicArn);
  if (!topic) throw notFound('Topic');
  const name = input.required('AttributeName');
  const value = input.text('AttributeValue') ?? '';
  checkAttribute(
    name,
    value,
    subscription.attributes.FilterPolicyScope ?? 'MessageAttributes',
    topic,
  );
  const attributes = merge(subscription.attributes, { [name]: value });
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
