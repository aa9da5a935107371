import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.start();
});
afterEach(() => harness.remove());

async function createTopic(Name: string, Attributes: Record<string, string> = {}) {
  const fifo = Name.endsWith('.fifo') ? { FifoTopic: 'true' } : {};
  const command = new CreateTopicCommand({ Name, Attributes: { ...fifo, ...Attributes } });
  return (await harness.sns.send(command)).TopicArn ?? '';
}

async function createQueue(QueueName: string) {
  const Attributes = QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  await harness.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
}

async function subscribe(
  TopicArn: string,
  Endpoint: string,
  Attributes: Record<string, string> = {},
) {
  const command = new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes });
  return (await harness.sns.send(command)).SubscriptionArn;
}

function publish(TopicArn: string, Message: string, attributes: Record<string, string> = {}) {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [
      name,
      { DataType: 'String', StringValue },
    ]),
  );
  return harness.sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes }));
}

async function received(queue: string) {
  const { Messages = [] } = await harness.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: `${harness.broker.url}/000000000000/${queue}`,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

describe('a topic', () => {
  test('fans out to its queues, raw or in an envelope, also after a restart', async () => {
    const topic = await createTopic('events');
    await subscribe(topic, await createQueue('raw'), { RawMessageDelivery: 'true' });
    const subscription = await subscribe(topic, await createQueue('wrapped'));
    await harness.restart();
    const { MessageId } = await publish(topic, 'hällo <&>', { type: 'order' });
    const [raw] = await received('raw');
    expect(raw).toMatchObject({
      Body: 'hällo <&>',
      MessageAttributes: { type: { StringValue: 'order' } },
    });
    const [wrapped] = await received('wrapped');
    expect(wrapped?.MessageAttributes).toBeUndefined();
    expect(JSON.parse(wrapped?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn: topic,
      Message: 'hällo <&>',
      MessageAttributes: { type: { Type: 'String', Value: 'order' } },
      UnsubscribeURL: expect.stringContaining(`SubscriptionArn=${subscription}`),
    });
  });

  test('ends a subscription by the link in its notifications', async () => {
    const topic = await createTopic('events');
    await subscribe(topic, await createQueue('jobs'));
    await publish(topic, 'first');
    const [first] = await received('jobs');
    const { UnsubscribeURL } = JSON.parse(first?.Body ?? '');
    expect((await fetch(UnsubscribeURL)).status).toBe(200);
    await publish(topic, 'second');
    expect(await received('jobs')).toEqual([]);
  });

  test('of the kind FIFO goes on counting after a restart, also when nobody has subscribed', async () => {
    const TopicArn = await createTopic('events.fifo');
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'one' };
    const publishing = { TopicArn, Message: 'x', ...ids };
    const first = await harness.sns.send(new PublishCommand(publishing));
    await harness.restart();
    const next = { ...publishing, MessageDeduplicationId: 'two' };
    const second = await harness.sns.send(new PublishCommand(next));
    expect(Number(second.SequenceNumber)).toBeGreaterThan(Number(first.SequenceNumber));
  });

  test.each(['MessageGroupId', 'MessageDeduplicationId'])('refuses an odd %s', async (name) => {
    const TopicArn = await createTopic('events.fifo');
    await subscribe(TopicArn, await createQueue('jobs.fifo'));
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    for (const odd of ['x'.repeat(70_000), 'two\nlines']) {
      const message = { TopicArn, Message: 'x', ...ids, [name]: odd };
      const publishing = harness.sns.send(new PublishCommand(message));
      await expect(publishing).rejects.toThrow(`Invalid parameter: ${name}`);
    }
  });

  test('creating and subscribing again gives the same ARNs; an ended subscription gets nothing', async () => {
    const topic = await createTopic('events');
    expect(await createTopic('events')).toBe(topic);
    const queue = await createQueue('jobs');
    const subscription = await subscribe(topic, queue);
    expect(await subscribe(topic, queue)).toBe(subscription);
    const list = new ListSubscriptionsByTopicCommand({ TopicArn: topic });
    expect((await harness.sns.send(list)).Subscriptions).toHaveLength(1);
    await harness.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }));
    await publish(topic, 'x');
    expect(await received('jobs')).toEqual([]);
  });

  test('hands a deleted queue’s messages to the dead-letter queue of the subscription', async () => {
    const topic = await createTopic('events');
    const dead = await createQueue('dead');
    await subscribe(topic, await createQueue('jobs'), {
      RawMessageDelivery: 'true',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead }),
    });
    await harness.json('DeleteQueue', { QueueUrl: `${harness.broker.url}/000000000000/jobs` });
    await publish(topic, 'undeliverable');
    expect(await received('dead')).toMatchObject([{ Body: 'undeliverable' }]);
  });
});

describe('a filter policy', () => {
  const cases: [string, object, Record<string, string>, boolean][] = [
    ['exact', { type: ['a', 'b'] }, { type: 'b' }, true],
    ['exact, other', { type: ['a'] }, { type: 'c' }, false],
    ['absent key', { type: ['a'] }, {}, false],
    ['exists', { type: [{ exists: true }] }, { type: 'x' }, true],
    ['does not exist', { type: [{ exists: false }] }, { other: 'x' }, true],
    ['prefix', { type: [{ prefix: 'order.' }] }, { type: 'order.done' }, true],
    ['suffix', { type: [{ suffix: '.done' }] }, { type: 'order.failed' }, false],
    ['anything-but', { type: [{ 'anything-but': ['a'] }] }, { type: 'b' }, true],
    ['anything-but prefix', { type: [{ 'anything-but': { prefix: 'a' } }] }, { type: 'ab' }, false],
    ['ignoring case', { type: [{ 'equals-ignore-case': 'ORDER' }] }, { type: 'order' }, true],
    ['wildcard', { type: [{ wildcard: 'a*c*e' }] }, { type: 'abcde' }, true],
    ['wildcard, other', { type: [{ wildcard: 'a*c*e' }] }, { type: 'abce-' }, false],
    ['network', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.255' }, true],
    ['all keys', { type: ['a'], size: ['big'] }, { type: 'a', size: 'small' }, false],
    ['either key', { $or: [{ type: ['a'] }, { size: ['big'] }] }, { size: 'big' }, true],
  ];

  test.each(cases)('on attributes: %s', async (_, policy, attributes, passes) => {
    const topic = await createTopic('events');
    await subscribe(topic, await createQueue('jobs'), { FilterPolicy: JSON.stringify(policy) });
    await publish(topic, 'x', attributes);
    expect(await received('jobs')).toHaveLength(passes ? 1 : 0);
  });

  test('on the body: nested and dotted keys, numbers, and arrays of objects', async () => {
    const topic = await createTopic('events');
    const policy = {
      order: {
        'source.kind': ['url'],
        renditions: { height: [{ numeric: ['>=', 720, '<', 2000] }] },
      },
    };
    await subscribe(topic, await createQueue('jobs'), {
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: JSON.stringify(policy),
      RawMessageDelivery: 'true',
    });
    const order = (kind: string, ...heights: number[]) =>
      JSON.stringify({
        order: { source: { kind }, renditions: heights.map((height) => ({ height })) },
      });
    for (const body of [
      order('url', 240),
      order('file', 720),
      'not json',
      order('url', 240, 1080),
    ]) {
      await publish(topic, body);
    }
    expect((await received('jobs')).map(({ Body }) => Body)).toEqual([order('url', 240, 1080)]);
  });

  test('that could never be evaluated is refused', async () => {
    const topic = await createTopic('events');
    const queue = await createQueue('jobs');
    const wrong = subscribe(topic, queue, { FilterPolicy: '{"type":[{"sounds-like":"a"}]}' });
    await expect(wrong).rejects.toThrow('FilterPolicy: Unrecognized match type sounds-like');
  });
});

describe('a FIFO topic', () => {
  test('keeps group, order and deduplication on the way to a FIFO queue', async () => {
    const topic = await createTopic('events.fifo');
    await subscribe(topic, await createQueue('jobs.fifo'), { RawMessageDelivery: 'true' });
    const entry = (Id: string, dedup: string) => ({
      ...{ Id, Message: Id, MessageGroupId: 'order-1', MessageDeduplicationId: dedup },
    });
    const batch = new PublishBatchCommand({
      TopicArn: topic,
      PublishBatchRequestEntries: [entry('1', 'a'), entry('2', 'b'), entry('3', 'a')],
    });
    const { Successful = [] } = await harness.sns.send(batch);
    expect(Successful[2]?.MessageId).toBe(Successful[0]?.MessageId);
    const messages = await received('jobs.fifo');
    expect(messages.map(({ Body }) => Body)).toEqual(['1', '2']);
    expect(messages[1]?.Attributes).toMatchObject({
      MessageGroupId: 'order-1',
      MessageDeduplicationId: 'b',
    });
  });
});

test('a missing topic is NotFound with 404', async () => {
  const lost = publish('arn:aws:sns:us-east-1:000000000000:nobody', 'x');
  await expect(lost).rejects.toMatchObject({
    name: 'NotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
});
