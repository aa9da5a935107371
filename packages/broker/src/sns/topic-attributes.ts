import { isPolicy, type Policy } from '../protocol/policy.ts';
import { accountId } from '../sqs/context.ts';
import { isObject } from './conditions.ts';
import { invalidTopicParameter } from './errors.ts';
import { parseJson } from './json.ts';
import type { Topic } from './topics.ts';

const defaultRetry = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};

/** The attributes that can be set; those about feedback exist for each protocol: SQSSuccessFeedbackRoleArn and so on. */
const settable =
  /^(DisplayName|Policy|DeliveryPolicy|KmsMasterKeyId|SignatureVersion|TracingConfig|ContentBasedDeduplication|ArchivePolicy|FifoThroughputScope|[A-Za-z]+(Success|Failure)Feedback(RoleArn|SampleRate))$/;

export const isSettable = (name: string): boolean => settable.test(name);

/** The value as it is kept: a delivery policy without its empty parts. @throws ServiceError */
export function keptValue(name: string, value: string): string {
  if (value === '') return value;
  if (name === 'Policy' && !isPolicy(parseJson(name, value))) {
    throw invalidTopicParameter('Policy Error: it is not an access policy');
  }
  if (name !== 'DeliveryPolicy') return value;
  const policy = parseJson(name, value);
  const http = isObject(policy) ? (policy.http ?? {}) : undefined;
  if (!isObject(http)) throw invalidTopicParameter(`${name}: http is not an object`);
  const set = Object.entries(http).filter(([, part]) => part !== null);
  return JSON.stringify({ http: { ...Object.fromEntries(set), ...overrides(http) } });
}

const overrides = (http: Record<string, unknown>) => ({
  disableSubscriptionOverrides: http.disableSubscriptionOverrides ?? false,
});

/** What AWS makes of a delivery policy by filling in the defaults. */
function effectiveDelivery(policy: string | undefined): string {
  const http = policy ? (JSON.parse(policy).http ?? {}) : {};
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: { ...defaultRetry, ...http.defaultHealthyRetryPolicy },
      ...overrides(http),
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

/** The attributes as GetTopicAttributes shows them; `subscriptions` is their number. */
export function describeTopic(topic: Topic, subscriptions: number): Record<string, string> {
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
