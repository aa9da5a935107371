import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.start();
});
afterEach(() => harness.remove());

type Json = Record<string, unknown>;

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const url = (name: string) => `${harness.broker.url}/000000000000/${name}`;

/** A call that must succeed. */
async function call(action: string, body: Json): Promise<Json> {
  const answer = await harness.json(action, body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

async function createQueue(QueueName: string, Attributes: Record<string, string> = {}) {
  const fifo = QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  await call('CreateQueue', { QueueName, Attributes: { ...fifo, ...Attributes } });
  return url(QueueName);
}

async function messages(QueueUrl: string, more: Json = {}) {
  const { Messages = [] } = await call('ReceiveMessage', {
    ...{ QueueUrl, MaxNumberOfMessages: 10 },
    ...more,
  });
  return Messages as { Body: string; ReceiptHandle: string; MessageId: string }[];
}

async function attributesOf(QueueUrl: string): Promise<Record<string, string>> {
  const { Attributes } = await call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  return Attributes as Record<string, string>;
}

describe('what is kept of a queue', () => {
  test('tags and permissions come back as AWS gives them, also after a restart', async () => {
    let QueueUrl = await createQueue('jobs');
    await call('TagQueue', { QueueUrl, Tags: { team: 'video', tier: '' } });
    await call('UntagQueue', { QueueUrl, TagKeys: ['team'] });
    const permission = { AWSAccountIds: ['111122223333'], Actions: ['SendMessage'] };
    await call('AddPermission', { QueueUrl, Label: 'partner', ...permission });
    await harness.restart();
    QueueUrl = url('jobs');
    expect(await call('ListQueueTags', { QueueUrl })).toEqual({ Tags: { tier: '' } });
    const { Policy = '' } = await attributesOf(QueueUrl);
    expect(JSON.parse(Policy)).toEqual({
      Version: '2008-10-17',
      Id: `${arn('jobs')}/SQSDefaultPolicy`,
      Statement: [
        {
          Sid: 'partner',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:root' },
          Action: 'SQS:SendMessage',
          Resource: arn('jobs'),
        },
      ],
    });
    await call('RemovePermission', { QueueUrl, Label: 'partner' });
    expect(await attributesOf(QueueUrl)).not.toHaveProperty('Policy');
  });

  test('lists come in pages', async () => {
    for (const name of ['b', 'a', 'c']) await createQueue(name);
    const first = await call('ListQueues', { MaxResults: 2 });
    expect(first.QueueUrls).toEqual([url('a'), url('b')]);
    const second = await call('ListQueues', { MaxResults: 2, NextToken: first.NextToken });
    expect(second).toEqual({ QueueUrls: [url('c')] });
  });

  test('a deleted queue is gone with its messages; its name waits 60 s when waiting times are on', async () => {
    await harness.close();
    await harness.open({ cooldowns: true });
    const QueueUrl = await createQueue('jobs');
    await call('SendMessage', { QueueUrl, MessageBody: 'x' });
    await call('DeleteQueue', { QueueUrl });
    const early = await harness.json('CreateQueue', { QueueName: 'jobs' });
    expect(early.queryError).toBe('AWS.SimpleQueueService.QueueDeletedRecently;Sender');
    harness.advance(61);
    await createQueue('jobs');
    expect(await messages(QueueUrl)).toEqual([]);
  });
});

describe('RedriveAllowPolicy', () => {
  const redrive = (maxReceiveCount = 1) =>
    JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount });

  test.each([
    [{ redrivePermission: 'denyAll' }, 400],
    [{ redrivePermission: 'byQueue', sourceQueueArns: [arn('other')] }, 400],
    [{ redrivePermission: 'byQueue', sourceQueueArns: [arn('jobs')] }, 200],
    [{ redrivePermission: 'allowAll' }, 200],
  ])('%j answers a source with %i', async (policy, status) => {
    await createQueue('dead', { RedriveAllowPolicy: JSON.stringify(policy) });
    const Attributes = { RedrivePolicy: redrive() };
    const answer = await harness.json('CreateQueue', { QueueName: 'jobs', Attributes });
    expect(answer.status).toBe(status);
  });

  test('sources of a dead-letter queue are listed', async () => {
    const QueueUrl = await createQueue('dead');
    await createQueue('jobs', { RedrivePolicy: redrive() });
    const listed = await call('ListDeadLetterSourceQueues', { QueueUrl });
    expect(listed).toEqual({ queueUrls: [url('jobs')] });
  });
});

describe('ReceiveRequestAttemptId', () => {
  test('gives a FIFO receive that is tried again the same messages, until one was deleted', async () => {
    const QueueUrl = await createQueue('jobs.fifo', { VisibilityTimeout: '30' });
    for (const id of ['1', '2']) {
      const message = { MessageBody: id, MessageGroupId: id, MessageDeduplicationId: id };
      await call('SendMessage', { QueueUrl, ...message });
    }
    const again = { ReceiveRequestAttemptId: 'attempt' };
    const first = await messages(QueueUrl, { ...again, MaxNumberOfMessages: 1 });
    harness.advance(20);
    expect(await messages(QueueUrl, { ...again, MaxNumberOfMessages: 1 })).toEqual(first);
    harness.advance(20); // the second try began its lease anew
    const [message] = first;
    await call('DeleteMessage', { QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    expect((await messages(QueueUrl, again)).map(({ Body }) => Body)).toEqual(['2']);
  });
});

describe('limits', () => {
  test('a message of 1 MiB goes through whole, one byte more is refused', async () => {
    const QueueUrl = await createQueue('jobs');
    const MessageBody = `${'ü'.repeat(524_287)}ab`;
    await call('SendMessage', { QueueUrl, MessageBody });
    const larger = await harness.json('SendMessage', { QueueUrl, MessageBody: `${MessageBody}c` });
    expect(larger.body.message).toBe(
      'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    );
    expect((await messages(QueueUrl))[0]?.Body).toBe(MessageBody);
  });

  test.each([
    ['a body with a control character', { MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
    [
      'a delay of more than 15 minutes',
      { MessageBody: 'x', DelaySeconds: 901 },
      'InvalidParameterValue',
    ],
    ['a missing body', {}, 'MissingParameter'],
  ])('%s is refused', async (_, body, code) => {
    const QueueUrl = await createQueue('jobs');
    const answer = await harness.json('SendMessage', { QueueUrl, ...body });
    expect(answer.queryError).toBe(`${code};Sender`);
  });

  test.each([
    ['CreateQueue', { QueueName: 'a b' }, 'InvalidParameterValue'],
    [
      'CreateQueue',
      { QueueName: 'q', Attributes: { DelaySeconds: '901' } },
      'InvalidAttributeValue',
    ],
    ['CreateQueue', { QueueName: 'q', Attributes: { Colour: 'red' } }, 'InvalidAttributeName'],
    ['Juggle', {}, 'InvalidAction'],
  ])('%s with %j is refused', async (action, body, code) => {
    expect((await harness.json(action, body)).queryError).toBe(`${code};Sender`);
  });

  test('a body that is not JSON, and one of 17 MiB, are refused and the broker goes on', async () => {
    const headers = { 'X-Amz-Target': 'AmazonSQS.ListQueues' };
    const post = (body: string) => fetch(harness.broker.url, { method: 'POST', headers, body });
    expect((await post('{"QueueName"')).status).toBe(400);
    expect((await post('x'.repeat(17 * 1024 * 1024)).catch(() => ({ status: 413 }))).status).toBe(
      413,
    );
    expect((await post('{}')).status).toBe(200);
  });

  test('a web page cannot use the broker of the machine it is shown on', async () => {
    const response = await fetch(`${harness.broker.url}/?Action=ListQueues`, {
      headers: { Origin: 'https://example.com' },
    });
    expect(response.status).toBe(403);
  });

  test('an image of a web page, whose request names no page, does nothing', async () => {
    const url = await createQueue('jobs');
    await harness.json('SendMessage', { QueueUrl: url, MessageBody: 'x' });
    const source = `${harness.broker.url}/?Action=PurgeQueue&QueueUrl=/000000000000/jobs`;
    expect((await fetch(source)).status).toBe(405);
    expect(harness.broker.queues()).toMatchObject([{ waiting: 1 }]);
  });
});

describe('the older protocol', () => {
  test('sends, receives and deletes on the URL of the queue', async () => {
    await createQueue('jobs');
    const path = '/000000000000/jobs';
    const sent = await harness.query({ Action: 'SendMessage', MessageBody: 'a <&> "b"\r\n' }, path);
    expect(sent.xml).toMatch(/<MD5OfMessageBody>[0-9a-f]{32}<\/MD5OfMessageBody>/);
    const { xml } = await harness.query(
      { Action: 'ReceiveMessage', 'AttributeName.1': 'All' },
      path,
    );
    expect(xml).toContain('<Body>a &lt;&amp;&gt; &quot;b&quot;&#13;\n</Body>');
    expect(xml).toContain(
      '<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>',
    );
    const ReceiptHandle = /<ReceiptHandle>(.*?)<\/ReceiptHandle>/.exec(xml)?.[1] ?? '';
    const removed = await harness.query({ Action: 'DeleteMessage', ReceiptHandle }, path);
    expect(removed.status).toBe(200);
    expect(harness.broker.queues()).toMatchObject([{ waiting: 0, inFlight: 0 }]);
  });
});
