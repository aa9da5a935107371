import { accountId } from '../sqs/context.ts';
import { invalidTopicParameter } from './errors.ts';
import { checkFilterPolicy } from './filter-check.ts';
import { parseJson } from './json.ts';
import type { Subscription, Topic } from './topics.ts';

type Attributes = Record<string, string>;

const defaults = { RawMessageDelivery: 'false', FilterPolicyScope: 'MessageAttributes' };

/**
 * Attributes of a request, as they are kept.
 * @throws ServiceError InvalidParameter as AWS words it when an attribute is set alone
 */
export function parseAttributes(
  given: Attributes,
  subscription: Subscription,
  topic: Topic,
): Attributes {
  const { FilterPolicyScope: scope } = { ...defaults, ...subscription.attributes, ...given };
  const parsed = Object.entries(given).map(([name, value]) => {
    checkAttribute(name, value, { ...subscription, scope }, topic);
    return [name, name === 'RawMessageDelivery' ? value.toLowerCase() : value];
  });
  return Object.fromEntries(parsed);
}

function checkAttribute(
  name: string,
  value: string,
  { endpoint, scope }: { endpoint: string; scope: string },
  topic: Topic,
): void {
  if (name === 'RawMessageDelivery') {
    if (!/^(true|false)$/i.test(value)) {
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
    if (value !== '') checkRedrivePolicy(value, topic.fifo && endpoint.endsWith('.fifo'));
  } else if (name !== 'DeliveryPolicy' && name !== 'SubscriptionRoleArn') {
    throw invalidTopicParameter('AttributeName');
  }
}

function checkRedrivePolicy(value: string, fifo: boolean): void {
  const policy = parseJson('RedrivePolicy', value) as { deadLetterTargetArn?: unknown } | null;
  const target = String(policy?.deadLetterTargetArn ?? '');
  if (!/^arn:[^:]+:sqs:[^:]+:[^:]+:[^:]+$/.test(target)) {
    throw invalidTopicParameter('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  }
  if (fifo && !target.endsWith('.fifo')) {
    throw invalidTopicParameter(
      'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
    );
  }
}

/** The kept attributes with others set; an empty one is taken away. */
export function mergeAttributes(kept: Attributes, set: Attributes): Attributes {
  const merged = Object.entries({ ...kept, ...set });
  return Object.fromEntries(merged.filter(([, value]) => value !== ''));
}

/** Whether Subscribe gives nothing that differs from the subscription that is there. */
export function sameAttributes(kept: Attributes, given: Attributes): boolean {
  const complete: Attributes = { ...defaults, ...kept };
  return Object.entries(given).every(([name, value]) => (complete[name] ?? '') === value);
}

/** The attributes as GetSubscriptionAttributes shows them. */
export function describeSubscription(subscription: Subscription): Attributes {
  const { arn, topicArn, protocol, endpoint, attributes } = subscription;
  const { FilterPolicyScope, ...shown }: Attributes = { ...defaults, ...attributes };
  return {
    ConfirmationWasAuthenticated: 'true',
    Endpoint: endpoint,
    Owner: accountId,
    PendingConfirmation: 'false',
    Protocol: protocol,
    SubscriptionArn: arn,
    SubscriptionPrincipal: `arn:aws:iam::${accountId}:user/anonymous`,
    TopicArn: topicArn,
    ...shown,
    // AWS keeps a scope without a policy to itself.
    ...(shown.FilterPolicy && FilterPolicyScope && { FilterPolicyScope }),
  };
}
