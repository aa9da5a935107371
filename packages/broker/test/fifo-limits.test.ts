import { afterEach, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

let harness: Harness;
afterEach(() => harness.remove());

async function start(attributes: Record<string, string>, fifoLimits: boolean): Promise<string> {
  harness = await Harness.start({ fifoLimits, sync: 'off' });
  await harness.json('CreateQueue', {
    QueueName: 'ordered.fifo',
    Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true', ...attributes },
  });
  return `${harness.broker.url}/000000000000/ordered.fifo`;
}

const send = (QueueUrl: string, MessageGroupId: string) =>
  harness.json('SendMessage', { QueueUrl, MessageBody: 'x', MessageGroupId });

const batch = (QueueUrl: string, groups: string[]) =>
  harness.json('SendMessageBatch', {
    QueueUrl,
    Entries: groups.map((MessageGroupId, index) => ({
      ...{ Id: String(index), MessageBody: 'x', MessageGroupId },
    })),
  });

async function sendTimes(times: number, QueueUrl: string, group: string): Promise<void> {
  for (let sent = 0; sent < times; sent += 1) {
    expect((await send(QueueUrl, group)).status).toBe(200);
  }
}

const throttled = {
  status: 400,
  queryError: 'ThrottlingException;Sender',
  body: { __type: 'com.amazonaws.sqs#ThrottlingException', message: 'Rate exceeded' },
};

test('a queue takes 300 requests of an action a second, a batch is one, other actions are not slowed', async () => {
  const QueueUrl = await start({}, true);
  await sendTimes(299, QueueUrl, 'a');
  expect((await batch(QueueUrl, ['a', 'b'])).status).toBe(200);
  expect(await send(QueueUrl, 'c')).toEqual(throttled);
  expect(await batch(QueueUrl, ['c'])).toEqual(throttled);
  expect((await harness.json('ReceiveMessage', { QueueUrl })).status).toBe(200);
  harness.advance(1);
  expect((await send(QueueUrl, 'c')).status).toBe(200);
});

test('in high throughput mode a message group takes 300 sends a second, the queue any number', async () => {
  const highThroughput = {
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  };
  const QueueUrl = await start(highThroughput, true);
  await sendTimes(300, QueueUrl, 'a');
  expect(await send(QueueUrl, 'a')).toEqual(throttled);
  expect(await batch(QueueUrl, ['b', 'a'])).toEqual(throttled);
  expect((await batch(QueueUrl, ['b', 'c'])).status).toBe(200);
});

test('nobody is slowed down who did not ask for it', async () => {
  const QueueUrl = await start({}, false);
  await sendTimes(301, QueueUrl, 'a');
});
