import type { Input } from '../protocol/input.ts';
import { type Policy, readPolicy, statementOf } from '../protocol/policy.ts';
import type { Action, ActionContext } from '../sqs/context.ts';
import { invalidTopicParameter, notFound } from './errors.ts';
import { topicOf } from './topic-actions.ts';
import { defaultPolicy } from './topic-attributes.ts';
import type { Topic } from './topics.ts';

const permitted = [
  ...[
    'Publish',
    'RemovePermission',
    'SetTopicAttributes',
    'DeleteTopic',
    'ListSubscriptionsByTopic',
  ],
  ...['GetTopicAttributes', 'Receive', 'AddPermission', 'Subscribe'],
];

function policyOf({ attributes, arn }: Topic): Policy {
  return attributes.Policy ? readPolicy(attributes.Policy) : defaultPolicy(arn);
}

function savePolicy(topic: Topic, policy: Policy, { topics }: ActionContext): void {
  const attributes = { ...topic.attributes, Policy: JSON.stringify(policy) };
  topics.save({ ...topic, attributes });
}

export const addPermission: Action = (input, context) => {
  const topic = topicOf(input, context);
  const label = input.required('Label');
  const actions = input.texts('ActionName');
  if (!actions.every((action) => permitted.includes(action))) {
    throw invalidTopicParameter('Policy statement action out of service scope!');
  }
  const policy = policyOf(topic);
  if (policy.Statement.some(({ Sid }) => Sid === label)) {
    throw invalidTopicParameter('Statement already exists');
  }
  const accounts = input.texts('AWSAccountId');
  const statement = statementOf({ label, accounts, actions, service: 'SNS', resource: topic.arn });
  savePolicy(topic, { ...policy, Statement: [...policy.Statement, statement] }, context);
  return {};
};

export const removePermission: Action = (input, context) => {
  const topic = topicOf(input, context);
  const label = input.required('Label');
  const policy = policyOf(topic);
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== label);
  savePolicy(topic, { ...policy, Statement }, context);
  return {};
};

function protectedTopic(input: Input, { topics }: ActionContext): Topic {
  const topic = topics.get(input.required('ResourceArn'));
  if (!topic) throw notFound('Topic');
  return topic;
}

/** Kept and returned; nothing is enforced. */
export const putDataProtectionPolicy: Action = (input, context) => {
  const topic = protectedTopic(input, context);
  const dataProtectionPolicy = input.required('DataProtectionPolicy');
  context.topics.save({ ...topic, dataProtectionPolicy });
  return {};
};

export const getDataProtectionPolicy: Action = (input, context) => {
  const { dataProtectionPolicy } = protectedTopic(input, context);
  return dataProtectionPolicy === undefined ? {} : { DataProtectionPolicy: dataProtectionPolicy };
};
