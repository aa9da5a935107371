import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.start({ sync: 'off' });
});
afterEach(() => harness.remove());

async function create(QueueName: string, attributes: Record<string, string> = {}) {
  const { body } = await harness.json('CreateQueue', { QueueName, Attributes: attributes });
  return String(body.QueueUrl);
}

const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  harness.json('SendMessage', { QueueUrl, MessageBody, ...more });

/** A long poll that has reached the broker when this resolves; the answer is in the box. */
async function poll(QueueUrl: string, more: object = {}) {
  const answer = harness.json('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20, ...more });
  await harness.json('GetQueueUrl', { QueueName: QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1) });
  return { answer };
}

test('a lease that ends just as a message is sent costs nobody a message', async () => {
  const QueueUrl = await create('jobs', { VisibilityTimeout: '1' });
  await send(QueueUrl, 'first');
  await harness.json('ReceiveMessage', { QueueUrl });
  const { answer } = await poll(QueueUrl, { VisibilityTimeout: 60 });
  harness.advance(2);
  await send(QueueUrl, 'second');
  expect((await answer).body.Messages).toHaveLength(1);
  expect(harness.broker.queues()).toMatchObject([{ waiting: 1, inFlight: 1 }]);
});

test('a lease that a move task brought about ends on its own, although nobody asks for anything', async () => {
  const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const dead = await create('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 9 });
  const jobs = await create('jobs', { RedrivePolicy });
  await send(dead, 'moved');
  const crashing = await poll(jobs, { VisibilityTimeout: 1 });
  const next = await poll(jobs, { WaitTimeSeconds: 5 });
  const task = { SourceArn: arn('dead'), DestinationArn: arn('jobs') };
  await harness.json('StartMessageMoveTask', task);
  harness.advance(0.1);
  expect((await crashing.answer).body.Messages).toMatchObject([{ Body: 'moved' }]);
  harness.advance(2);
  expect((await next.answer).body.Messages).toMatchObject([{ Body: 'moved' }]);
});
