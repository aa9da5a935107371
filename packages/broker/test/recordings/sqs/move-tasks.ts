import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { type Aws, scenario } from '../harness.ts';
import type { Answer } from '../wire.ts';

// Moving dead letters back, or to another queue.

interface Queues {
  sourceUrl: string;
  deadUrl: string;
  deadArn: string;
}

async function sourceOf(aws: Aws, deadLetterTargetArn: string): Promise<string> {
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
  return aws.queue({ RedrivePolicy });
}

async function queues(aws: Aws): Promise<Queues> {
  const deadUrl = await aws.queue();
  const deadArn = await aws.queueArn(deadUrl);
  return { deadUrl, deadArn, sourceUrl: await sourceOf(aws, deadArn) };
}

/** Sends messages and receives each twice, which makes dead letters of them. */
async function sendDead(aws: Aws, url: string, bodies: string[]): Promise<void> {
  for (const body of bodies) await aws.send(url, body);
  for (let receives = 0; receives < 2 * bodies.length; receives += 1) {
    await aws.receive(url, { VisibilityTimeout: 0 });
  }
}

const bodies = (count: number) => Array.from({ length: count }, (_, index) => `message-${index}`);

async function received(aws: Aws, url: string): Promise<string[]> {
  const { Messages = [] } = await aws.receive(url, { MaxNumberOfMessages: 10 });
  return Messages.map(({ Body }) => Body).sort();
}

const list = (aws: Aws, SourceArn: string) => aws.sqs('ListMessageMoveTasks', { SourceArn });

/** Asks until the newest task is as wanted: tasks take their turns by the machine's clock. */
async function listWhen(
  aws: Aws,
  source: string,
  wanted: (task: { Status: string; ApproximateNumberOfMessagesMoved: number }) => boolean,
): Promise<Answer> {
  for (;;) {
    const answer = await list(aws, source);
    const task = answer.Results?.[0];
    if (task && wanted(task)) return answer;
    await setTimeout(20);
  }
}

const completed = ({ Status }: { Status: string }) => Status === 'COMPLETED';

function decoded(handle: string | undefined) {
  return JSON.parse(Buffer.from(handle ?? '', 'base64').toString());
}

scenario('test_cancel_with_invalid_task_handle', async (aws) => {
  const cancel = { TaskHandle: 'foobared' };
  aws.match('error', await aws.sqsError('CancelMessageMoveTask', cancel));
});

function cancelUnknown(aws: Aws, sourceArn: string): Promise<Answer> {
  const handle = JSON.stringify({ taskId: randomUUID(), sourceArn });
  const TaskHandle = Buffer.from(handle).toString('base64');
  return aws.sqsError('CancelMessageMoveTask', { TaskHandle });
}

scenario('test_cancel_with_invalid_source_arn_in_task_handle', async (aws) => {
  const nobody = 'arn:aws:sqs:us-east-1:878966065785:test-queue-doesnt-exist-123456';
  aws.match('error', await cancelUnknown(aws, nobody));
});

scenario('test_cancel_with_invalid_task_id_in_task_handle', async (aws) => {
  aws.match('error', await cancelUnknown(aws, await aws.queueArn(await aws.queue())));
});

scenario('test_source_needs_redrive_policy', async (aws) => {
  const SourceArn = await aws.queueArn(await aws.queue());
  const DestinationArn = await aws.queueArn(await aws.queue());
  const task = { SourceArn, DestinationArn };
  aws.match('error', await aws.sqsError('StartMessageMoveTask', task));
});

scenario('test_destination_needs_to_exist', async (aws) => {
  const { deadArn } = await queues(aws);
  const DestinationArn = `${await aws.queueArn(await aws.queue())}doesntexist`;
  const task = { SourceArn: deadArn, DestinationArn };
  aws.match('error', await aws.sqsError('StartMessageMoveTask', task));
});

scenario('test_basic_move_task_workflow', async (aws) => {
  const { sourceUrl, deadUrl, deadArn } = await queues(aws);
  const destination = await aws.queue();
  const DestinationArn = await aws.queueArn(destination);
  await sendDead(aws, sourceUrl, bodies(2));
  const started = await aws.sqs('StartMessageMoveTask', { SourceArn: deadArn, DestinationArn });
  aws.match('start-message-move-task-response', started);
  expect(decoded(started.TaskHandle).sourceArn).toBe(deadArn);
  aws.advance(1);
  aws.match('list-message-move-task-response', await listWhen(aws, deadArn, completed));
  expect(await received(aws, destination)).toEqual(bodies(2));
  expect(await received(aws, deadUrl)).toEqual([]);
});

scenario('test_move_task_workflow_with_default_destination', async (aws) => {
  const { sourceUrl, deadUrl, deadArn } = await queues(aws);
  aws.match('source-arn', deadArn);
  aws.match('original-source', await aws.queueArn(sourceUrl));
  await sendDead(aws, sourceUrl, bodies(2));
  const started = await aws.sqs('StartMessageMoveTask', { SourceArn: deadArn });
  aws.match('start-message-move-task-response', started);
  aws.advance(1);
  aws.match('list-message-move-task-response', await listWhen(aws, deadArn, completed));
  expect(await received(aws, sourceUrl)).toEqual(bodies(2));
  expect(await received(aws, deadUrl)).toEqual([]);
});

scenario('test_move_task_workflow_with_multiple_sources_as_default_destination', async (aws) => {
  const { sourceUrl, deadUrl, deadArn } = await queues(aws);
  const secondUrl = await sourceOf(aws, deadArn);
  aws.match('source-arn', deadArn);
  aws.match('original-source-1', await aws.queueArn(sourceUrl));
  aws.match('original-source-2', await aws.queueArn(secondUrl));
  await sendDead(aws, sourceUrl, ['message-1-1', 'message-1-2']);
  await sendDead(aws, secondUrl, ['message-2-1', 'message-2-2']);
  const started = await aws.sqs('StartMessageMoveTask', { SourceArn: deadArn });
  aws.match('start-message-move-task-response', started);
  aws.advance(1);
  aws.match('list-message-move-task-response', await listWhen(aws, deadArn, completed));
  expect(await received(aws, sourceUrl)).toEqual(['message-1-1', 'message-1-2']);
  expect(await received(aws, secondUrl)).toEqual(['message-2-1', 'message-2-2']);
  expect(await received(aws, deadUrl)).toEqual([]);
});

/** Ten dead letters, and what starts a task that moves one a second of them. */
async function slowTask(aws: Aws, count = 10) {
  const { sourceUrl, deadUrl, deadArn } = await queues(aws);
  const destination = await aws.queue();
  await sendDead(aws, sourceUrl, bodies(count));
  const DestinationArn = await aws.queueArn(destination);
  const task = { SourceArn: deadArn, DestinationArn, MaxNumberOfMessagesPerSecond: 1 };
  return { task, deadUrl, deadArn, destination };
}

/** Lets a slow task move so many messages, one a second. @returns how it is listed then */
async function moveOn(aws: Aws, source: string, count: number): Promise<Answer> {
  for (let second = 1; ; second += 1) {
    aws.advance(1);
    const answer = await listWhen(
      aws,
      source,
      ({ ApproximateNumberOfMessagesMoved: moved }) => moved === second,
    );
    if (second === count) return answer;
  }
}

scenario('test_move_task_with_throughput_limit', async (aws) => {
  const { task, deadArn, destination } = await slowTask(aws, 4);
  const started = await aws.sqs('StartMessageMoveTask', task);
  aws.match('start-message-move-task-response', started);
  await moveOn(aws, deadArn, 4);
  expect(await received(aws, destination)).toEqual(bodies(4));
});

scenario('test_move_task_cancel', async (aws) => {
  const { task, deadUrl, deadArn } = await slowTask(aws);
  const { TaskHandle } = await aws.sqs('StartMessageMoveTask', task);
  aws.match('list-while', await moveOn(aws, deadArn, 2));
  aws.match('cancel', await aws.sqs('CancelMessageMoveTask', { TaskHandle }));
  // How many AWS moves on after a cancellation is a matter of its timing: 6 when it was recorded.
  aws.match('list-after', await list(aws, deadArn), ['ApproximateNumberOfMessagesMoved']);
  expect(await received(aws, deadUrl)).not.toEqual([]);
});

scenario('test_move_task_delete_destination_queue_while_running', async (aws) => {
  const { task, deadUrl, deadArn, destination } = await slowTask(aws);
  await aws.sqs('StartMessageMoveTask', task);
  await moveOn(aws, deadArn, 3);
  await aws.sqs('DeleteQueue', { QueueUrl: destination });
  aws.advance(1);
  aws.match('list', await listWhen(aws, deadArn, ({ Status }) => Status !== 'RUNNING'));
  expect(await received(aws, deadUrl)).not.toEqual([]);
});

scenario('test_start_multiple_move_tasks', async (aws) => {
  const { task } = await slowTask(aws);
  await aws.sqs('StartMessageMoveTask', task);
  aws.match('error', await aws.sqsError('StartMessageMoveTask', task));
});
