import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.start();
});
afterEach(() => harness.remove());

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const url = (name: string) => `${harness.broker.url}/000000000000/${name}`;

async function deadLetters(count: number): Promise<void> {
  await harness.json('CreateQueue', { QueueName: 'dead' });
  const policy = { deadLetterTargetArn: arn('dead'), maxReceiveCount: 1 };
  await harness.json('CreateQueue', {
    QueueName: 'jobs',
    Attributes: { VisibilityTimeout: '1', RedrivePolicy: JSON.stringify(policy) },
  });
  for (let sent = 0; sent < count; sent += 1) {
    await harness.json('SendMessage', { QueueUrl: url('jobs'), MessageBody: String(sent) });
  }
  const all = { QueueUrl: url('jobs'), MaxNumberOfMessages: 10 };
  await harness.json('ReceiveMessage', all);
  harness.advance(2);
  await harness.json('ReceiveMessage', all);
}

interface Task {
  Status: string;
  ApproximateNumberOfMessagesMoved: number;
  ApproximateNumberOfMessagesToMove: number;
  TaskHandle?: string;
}

async function task(): Promise<Task> {
  const { body } = await harness.json('ListMessageMoveTasks', { SourceArn: arn('dead') });
  return (body.Results as Task[])[0] as Task;
}

/** Lets time pass until the task is as wanted. */
async function until(wanted: (task: Task) => boolean): Promise<Task> {
  for (;;) {
    const now = await task();
    if (wanted(now)) return now;
    harness.advance(0.1);
  }
}

test('messages do not go round: no way of dead letters leads back, nor does a move task', async () => {
  await deadLetters(0);
  const toJobs = JSON.stringify({ deadLetterTargetArn: arn('jobs'), maxReceiveCount: 1 });
  for (const name of ['jobs', 'dead']) {
    const Attributes = { RedrivePolicy: toJobs };
    const { status, body } = await harness.json('SetQueueAttributes', {
      ...{ QueueUrl: url(name), Attributes },
    });
    expect([status, body.message]).toEqual([400, expect.stringContaining('must not lead back')]);
  }
  const start = { SourceArn: arn('dead'), DestinationArn: arn('dead') };
  expect((await harness.json('StartMessageMoveTask', start)).status).toBe(400);
});

test('a move task goes on after a restart, at its rate, and gives every message a new life', async () => {
  await deadLetters(5);
  await harness.json('StartMessageMoveTask', {
    SourceArn: arn('dead'),
    MaxNumberOfMessagesPerSecond: 1,
  });
  await until(({ ApproximateNumberOfMessagesMoved: moved }) => moved >= 2);
  await harness.restart();
  expect(await task()).toMatchObject({ Status: 'RUNNING', ApproximateNumberOfMessagesToMove: 5 });
  const ended = await until(({ Status }) => Status !== 'RUNNING');
  expect(ended).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 5 });
  const { body } = await harness.json('ReceiveMessage', {
    QueueUrl: url('jobs'),
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
  });
  const messages = body.Messages as { Body: string; Attributes: Record<string, string> }[];
  expect(messages.map(({ Body }) => Body).sort()).toEqual(['0', '1', '2', '3', '4']);
  for (const { Attributes } of messages) {
    expect(Attributes.ApproximateReceiveCount).toBe('1');
    expect(Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
  }
});

test('a cancelled move task leaves the rest where it is', async () => {
  await deadLetters(5);
  await harness.json('StartMessageMoveTask', {
    SourceArn: arn('dead'),
    MaxNumberOfMessagesPerSecond: 1,
  });
  const { TaskHandle } = await until(({ ApproximateNumberOfMessagesMoved: moved }) => moved >= 1);
  const { body } = await harness.json('CancelMessageMoveTask', { TaskHandle });
  const moved = Number(body.ApproximateNumberOfMessagesMoved);
  expect(await task()).toMatchObject({ Status: 'CANCELLED' });
  expect(harness.broker.queues()).toMatchObject([
    { name: 'dead', waiting: 5 - moved },
    { name: 'jobs', waiting: moved },
  ]);
});

test('a move task brings nothing into a queue of the other kind', async () => {
  await deadLetters(1);
  const Attributes = { FifoQueue: 'true' };
  await harness.json('CreateQueue', { QueueName: 'ordered.fifo', Attributes });
  const start = { SourceArn: arn('dead'), DestinationArn: arn('ordered.fifo') };
  const { status, body } = await harness.json('StartMessageMoveTask', start);
  expect([status, body.message]).toEqual([400, expect.stringContaining('same type')]);
});

test('a move task gives no new life to what is too old', async () => {
  await deadLetters(1);
  harness.advance(61);
  expect(harness.broker.queues()).toMatchObject([{ waiting: 1 }, { waiting: 0 }]);
  const Attributes = { MessageRetentionPeriod: '60' };
  await harness.json('SetQueueAttributes', { QueueUrl: url('dead'), Attributes });
  await harness.json('StartMessageMoveTask', { SourceArn: arn('dead') });
  expect(await until(({ Status }) => Status !== 'RUNNING')).toMatchObject({
    ...{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 0 },
  });
});
