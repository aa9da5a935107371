import type { Aws } from '../harness.ts';
import type { Answer, Params } from '../wire.ts';

/** What ReceiveMessage is asked for when all attributes shall come along. */
export const everything = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };

/** Subscribes a queue and answers the subscription's ARN. */
export async function subscribe(
  aws: Aws,
  TopicArn: string,
  queueUrl: string,
  Attributes?: Record<string, string>,
): Promise<string> {
  const Endpoint = await aws.queueArn(queueUrl);
  const { SubscriptionArn } = await aws.sns('Subscribe', {
    ...{ TopicArn, Protocol: 'sqs', Endpoint, Attributes },
    ReturnSubscriptionArn: 'true',
  });
  if (SubscriptionArn === undefined) throw new Error('Subscribe answered no SubscriptionArn');
  return SubscriptionArn;
}

/** A topic with one queue subscribed to it. */
export async function subscribedQueue(aws: Aws, Attributes?: Record<string, string>) {
  const topic = await aws.topic();
  const queue = await aws.queue();
  return { topic, queue, subscription: await subscribe(aws, topic, queue, Attributes) };
}

export function attributesOf(aws: Aws, SubscriptionArn: string): Promise<Answer> {
  return aws.sns('GetSubscriptionAttributes', { SubscriptionArn });
}

export function setAttribute(
  aws: Aws,
  SubscriptionArn: string,
  AttributeName: string,
  AttributeValue: string,
): Promise<Answer> {
  return aws.sns('SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
}

/** Sets a filter policy; `scope` before it, since it says how the policy is read. */
export async function filterBy(
  aws: Aws,
  subscription: string,
  policy: object,
  scope?: 'MessageAttributes' | 'MessageBody',
): Promise<void> {
  if (scope) await setAttribute(aws, subscription, 'FilterPolicyScope', scope);
  await setAttribute(aws, subscription, 'FilterPolicy', JSON.stringify(policy));
}

/** Receives without hiding what is received. */
export function receive(aws: Aws, QueueUrl: string, params: Params = {}): Promise<Answer> {
  return aws.sqs('ReceiveMessage', { QueueUrl, VisibilityTimeout: 0, ...params });
}

/** Receives, and deletes what was received. */
export async function take(aws: Aws, QueueUrl: string, params: Params = {}): Promise<Answer> {
  const answer = await aws.sqs('ReceiveMessage', { QueueUrl, ...params });
  for (const { ReceiptHandle } of answer.Messages ?? []) {
    await aws.sqs('DeleteMessage', { QueueUrl, ReceiptHandle });
  }
  return answer;
}

/** Takes all messages of a queue, with all attributes. */
export async function takeAll(aws: Aws, queue: string) {
  const taken = [];
  for (;;) {
    const { Messages } = await take(aws, queue, { ...everything, MaxNumberOfMessages: 10 });
    if (!Messages) return taken;
    taken.push(...Messages);
  }
}

/** In the order of their bodies, as the recordings sort what has no order. */
export function byBody<Item extends { Body: string }>(messages: Item[]): Item[] {
  return messages.sort((one, other) => (one.Body < other.Body ? -1 : 1));
}

/** JSON as Python writes it by default, with spaces: the recorded texts have them. */
export function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`,
  );
  return `{${fields.join(', ')}}`;
}
