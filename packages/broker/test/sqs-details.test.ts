import { CreateQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

// Facts of AWS that only its recorded answers and its X-Ray guide tell.

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ sync: 'off' });
});

afterAll(() => harness.remove());

async function createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const command = new CreateQueueCommand({ QueueName: name, Attributes: attributes });
  return (await harness.sqs.send(command)).QueueUrl ?? '';
}

test('FifoQueue=true may be set again on a FIFO queue, FifoQueue=false may not', async () => {
  const QueueUrl = await createQueue('again.fifo', { FifoQueue: 'true' });
  const set = (FifoQueue: string) =>
    harness.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { FifoQueue } }));
  await set('true');
  await expect(set('false')).rejects.toThrow('Modifying queue type is not supported');
});

test.each(['constructor', '__proto__'])('%s is no attribute of a queue', async (name) => {
  const Attributes = Object.fromEntries([
    ['FifoQueue', 'true'],
    [name, 'x'],
  ]);
  const { status, body } = await harness.json('CreateQueue', { QueueName: 'odd.fifo', Attributes });
  expect([status, body.message]).toEqual([400, `Unknown Attribute ${name}.`]);
});

test("a request's trace header goes with its messages, behind a message's own", async () => {
  const QueueUrl = await createQueue('traced');
  const own = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=own' } };
  const send = (action: string, params: object) =>
    harness.json(action, { QueueUrl, ...params }, 'AmazonSQS', {
      'X-Amzn-Trace-Id': 'Root=header',
    });
  await send('SendMessage', { MessageBody: 'alone' });
  const Entries = [
    { Id: '1', MessageBody: 'in batch' },
    { Id: '2', MessageBody: 'own', MessageSystemAttributes: own },
  ];
  await send('SendMessageBatch', { Entries });
  const receive = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] };
  const { Messages } = (await harness.json('ReceiveMessage', receive)).body as {
    Messages: { Body: string; Attributes: Record<string, string> }[];
  };
  expect(Messages.map(({ Body, Attributes }) => [Body, Attributes.AWSTraceHeader])).toEqual([
    ['alone', 'Root=header'],
    ['in batch', 'Root=header'],
    ['own', 'Root=own'],
  ]);
});

test('on the Query protocol AttributeNames goes before MessageSystemAttributeNames', async () => {
  const QueueUrl = await createQueue('names', { VisibilityTimeout: '0' });
  await harness.json('SendMessage', { QueueUrl, MessageBody: 'x' });
  const newer = { 'MessageSystemAttributeName.1': 'All' };
  const receive = (more: Record<string, string>) =>
    harness.query({ Action: 'ReceiveMessage', Version: '2012-11-05', QueueUrl, ...newer, ...more });
  expect((await receive({ 'AttributeName.1': 'SenderId' })).xml).not.toContain('SentTimestamp');
  expect((await receive({})).xml).toContain('SentTimestamp');
});

test('a policy with one statement that is no list takes permissions; what is no policy is refused', async () => {
  const Statement = { Sid: 'own', Effect: 'Allow', Principal: '*', Action: 'sqs:*' };
  const QueueUrl = await createQueue('open', { Policy: JSON.stringify({ Statement }) });
  const permission = { Label: 'more', AWSAccountIds: ['111122223333'], Actions: ['SendMessage'] };
  expect((await harness.json('AddPermission', { QueueUrl, ...permission })).status).toBe(200);
  const get = { QueueUrl, AttributeNames: ['Policy'] };
  const { body } = await harness.json('GetQueueAttributes', get);
  const kept = JSON.parse((body.Attributes as { Policy: string }).Policy);
  expect(kept.Statement).toMatchObject([Statement, { Sid: 'more' }]);
  for (const Policy of ['[]', '{"Statement":[null]}', '{"Statement":"x"}']) {
    const set = await harness.json('SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    expect(set).toMatchObject({ status: 400, queryError: 'InvalidAttributeValue;Sender' });
  }
});
