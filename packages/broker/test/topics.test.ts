import { verify, X509Certificate } from 'node:crypto';
import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  type SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.start();
});
afterEach(() => harness.remove());

const account = 'us-east-1:000000000000';
const queueArn = (name: string) => `arn:aws:sqs:${account}:${name}`;

async function createTopic(Name: string, Attributes: Record<string, string> = {}) {
  const fifo = Name.endsWith('.fifo') ? { FifoTopic: 'true' } : {};
  const command = new CreateTopicCommand({ Name, Attributes: { ...fifo, ...Attributes } });
  return (await harness.sns.send(command)).TopicArn ?? '';
}

async function subscribe(
  TopicArn: string,
  queue: string,
  more: Partial<SubscribeCommandInput> = {},
) {
  const Endpoint = queueArn(queue);
  const command = new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, ...more });
  return (await harness.sns.send(command)).SubscriptionArn ?? '';
}

async function received(queue: string) {
  const QueueUrl = `${harness.broker.url}/000000000000/${queue}`;
  const wanted = { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
  const command = new ReceiveMessageCommand({ QueueUrl, ...wanted });
  return (await harness.sqs.send(command)).Messages ?? [];
}

const attributesOf = async (SubscriptionArn: string) =>
  (await harness.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;

const topicAttributesOf = async (TopicArn: string) =>
  (await harness.sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes;

describe('a notification', () => {
  test.each([
    ['1', 'sha1'],
    ['2', 'sha256'],
  ])(
    'of SignatureVersion %s is signed; the certificate outlives a restart',
    async (version, digest) => {
      const TopicArn = await createTopic('events', { SignatureVersion: version });
      await harness.sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
      await subscribe(TopicArn, 'jobs');
      await harness.sns.send(new PublishCommand({ TopicArn, Subject: 'news', Message: 'hällo' }));
      const [message] = await received('jobs');
      await harness.restart();
      const content: Record<string, string> = JSON.parse(message?.Body ?? '');
      const fields = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
      const text = fields.map((field) => `${field}\n${content[field]}\n`).join('');
      const path = new URL(content.SigningCertURL ?? '').pathname;
      const certificate = await (await fetch(harness.broker.url + path)).text();
      const signature = Buffer.from(content.Signature ?? '', 'base64');
      const { publicKey } = new X509Certificate(certificate);
      expect(content.SignatureVersion).toBe(version);
      expect(verify(digest, Buffer.from(text), publicKey, signature)).toBe(true);
    },
  );

  test('of a FIFO topic is not signed, and leaves its group behind in a standard queue', async () => {
    const TopicArn = await createTopic('events.fifo', { ContentBasedDeduplication: 'true' });
    await harness.sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
    await subscribe(TopicArn, 'jobs');
    await harness.sns.send(new PublishCommand({ TopicArn, Message: 'x', MessageGroupId: 'g' }));
    const [message] = await received('jobs');
    const content = JSON.parse(message?.Body ?? '');
    expect(content).toHaveProperty('SequenceNumber');
    expect(content).not.toHaveProperty('Signature');
    expect(message?.Attributes).not.toHaveProperty('MessageGroupId');
  });

  test('with a text for each protocol brings the queue its own', async () => {
    const TopicArn = await createTopic('events');
    await harness.sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
    await subscribe(TopicArn, 'jobs', { Attributes: { RawMessageDelivery: 'true' } });
    for (const texts of [
      { default: 'all', sqs: 'queues' },
      { default: 'all', sms: 'phones' },
    ]) {
      const Message = JSON.stringify(texts);
      await harness.sns.send(new PublishCommand({ TopicArn, Message, MessageStructure: 'json' }));
    }
    expect((await received('jobs')).map(({ Body }) => Body)).toEqual(['queues', 'all']);
  });
});

test('a FIFO topic knows duplicates for five minutes, also after a restart', async () => {
  const TopicArn = await createTopic('events.fifo', { ContentBasedDeduplication: 'true' });
  await harness.sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  await subscribe(TopicArn, 'jobs');
  const publish = new PublishCommand({ TopicArn, Message: 'x', MessageGroupId: 'g' });
  const first = await harness.sns.send(publish);
  harness.advance(299);
  await harness.restart();
  const second = await harness.sns.send(publish);
  expect(second.MessageId).toBe(first.MessageId);
  expect(second.SequenceNumber).toBe(first.SequenceNumber);
  harness.advance(2);
  const third = await harness.sns.send(publish);
  expect(third.MessageId).not.toBe(first.MessageId);
  expect(await received('jobs')).toHaveLength(2);
});

describe('lists', () => {
  test('of subscriptions come in pages of 100', async () => {
    const TopicArn = await createTopic('events');
    const created = new Set<string>();
    for (let index = 0; index < 101; index += 1) {
      created.add(await subscribe(TopicArn, `queue-${index}`));
    }
    const list = new ListSubscriptionsByTopicCommand({ TopicArn });
    const { Subscriptions = [], NextToken } = await harness.sns.send(list);
    const rest = await harness.sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }),
    );
    expect(Subscriptions).toHaveLength(100);
    expect(rest.NextToken).toBeUndefined();
    const listed = [...Subscriptions, ...(rest.Subscriptions ?? [])];
    expect(new Set(listed.map(({ SubscriptionArn }) => SubscriptionArn))).toEqual(created);
  });

  test('of topics come in pages of 100', async () => {
    const created = new Set<string>();
    for (let index = 0; index < 101; index += 1) created.add(await createTopic(`topic-${index}`));
    const { Topics = [], NextToken } = await harness.sns.send(new ListTopicsCommand({}));
    const rest = await harness.sns.send(new ListTopicsCommand({ NextToken }));
    expect(Topics).toHaveLength(100);
    expect(rest.NextToken).toBeUndefined();
    const listed = [...Topics, ...(rest.Topics ?? [])];
    expect(new Set(listed.map(({ TopicArn }) => TopicArn))).toEqual(created);
  });
});

describe('attributes', () => {
  test('of a subscription: a scope is kept, and shown once a policy is there', async () => {
    const SubscriptionArn = await subscribe(await createTopic('events'), 'jobs');
    const set = (AttributeName: string, AttributeValue: string) =>
      harness.sns.send(
        new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }),
      );
    await set('FilterPolicyScope', 'MessageBody');
    expect(await attributesOf(SubscriptionArn)).not.toHaveProperty('FilterPolicyScope');
    await set('FilterPolicy', '{"a":["b"]}');
    expect(await attributesOf(SubscriptionArn)).toMatchObject({ FilterPolicyScope: 'MessageBody' });
    await set('FilterPolicy', '');
    expect(await attributesOf(SubscriptionArn)).not.toHaveProperty('FilterPolicy');
  });

  test('of a subscription that was made twice have to be the same', async () => {
    const topic = await createTopic('events');
    const arn = await subscribe(topic, 'jobs', { Attributes: { RawMessageDelivery: 'True' } });
    const same = { RawMessageDelivery: 'true', FilterPolicyScope: 'MessageAttributes' };
    expect(await subscribe(topic, 'jobs', { Attributes: same })).toBe(arn);
    const other = subscribe(topic, 'jobs', { Attributes: { RawMessageDelivery: 'false' } });
    await expect(other).rejects.toThrow('Subscription already exists with different attributes');
  });

  test('of a topic: a delivery policy is kept without what is null, and completed in effect', async () => {
    const TopicArn = await createTopic('events');
    const policy = { http: { defaultHealthyRetryPolicy: { numRetries: 1 }, throttle: null } };
    const AttributeValue = JSON.stringify(policy);
    const set = { TopicArn, AttributeName: 'DeliveryPolicy', AttributeValue };
    await harness.sns.send(new SetTopicAttributesCommand(set));
    const { DeliveryPolicy = '', EffectiveDeliveryPolicy = '' } =
      (await topicAttributesOf(TopicArn)) ?? {};
    expect(JSON.parse(DeliveryPolicy)).toEqual({
      http: { defaultHealthyRetryPolicy: { numRetries: 1 }, disableSubscriptionOverrides: false },
    });
    expect(JSON.parse(EffectiveDeliveryPolicy).http.defaultHealthyRetryPolicy).toMatchObject({
      numRetries: 1,
      minDelayTarget: 20,
    });
  });

  test.each([
    [
      { RawMessageDelivery: 'yes' },
      'RawMessageDelivery: Invalid value [yes]. Must be true or false.',
    ],
    [
      { FilterPolicy: '{a}' },
      "FilterPolicy: failed to parse JSON. Unexpected character ('a' (code 97))",
    ],
    [{ FilterPolicy: '{"a":{"b":["c"]}}' }, 'does not support nested filter policy'],
    [{ RedrivePolicy: '{"deadLetterTargetArn":"queue"}' }, 'deadLetterTargetArn is an invalid arn'],
    [{ Colour: 'red' }, 'AttributeName'],
  ])('%j are refused', async (Attributes, message) => {
    const refused = subscribe(await createTopic('events'), 'jobs', { Attributes });
    await expect(refused).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });
});

describe('a subscription is refused', () => {
  test.each([
    ['of a protocol that nobody knows', { Protocol: 'pigeon' }, 'does not support this protocol'],
    ['of a protocol that is not built', { Protocol: 'email' }, 'email is not supported here'],
    ['of an address in place of an ARN', { Endpoint: 'http://host/0/jobs' }, 'SQS endpoint ARN'],
    ['of a FIFO queue', { Endpoint: queueArn('jobs.fifo') }, 'can not be subscribed to standard'],
  ])('%s', async (_, more, message) => {
    const refused = subscribe(await createTopic('events'), 'jobs', more);
    await expect(refused).rejects.toThrow(message);
  });

  test('of a topic in another region', async () => {
    const refused = subscribe('arn:aws:sns:eu-central-1:000000000000:events', 'jobs');
    await expect(refused).rejects.toThrow('Invalid parameter: TopicArn');
  });
});

test.each([
  ['Policy', 'MessageBody'],
  ['Policy', '{"Statement":"x"}'],
  ['DeliveryPolicy', 'null'],
  ['DeliveryPolicy', '{"http":1}'],
])('a topic does not take for a %s what is none: %s', async (name, value) => {
  const create = { Name: 'odd', Attributes: { [name]: value } };
  const refused = await harness.json('CreateTopic', create, 'AmazonSimpleNotificationService');
  expect(refused).toMatchObject({ status: 400, queryError: 'InvalidParameter;Sender' });
});
