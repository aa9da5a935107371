import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.start();
});
afterEach(() => harness.remove());

/** Puts files that cannot be written in the place of the open segments, as a disk that goes bad. */
function breakFilesOf(folder: string): void {
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    if (!targetOf(fd).startsWith(`${folder}/0`)) continue;
    closeSync(fd);
    expect(openSync('/dev/null', 'r')).toBe(fd);
  }
}

function targetOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // the descriptor of the listing itself
  }
}

const health = async () => {
  const response = await fetch(`${harness.broker.url}/healthz`);
  return { status: response.status, text: await response.text() };
};

test('after a failed write answers, health and one line of the log say that a restart is needed', async () => {
  await harness.json('CreateQueue', { QueueName: 'jobs' });
  const QueueUrl = `${harness.broker.url}/000000000000/jobs`;
  expect(await health()).toEqual({ status: 200, text: 'ok\n' });
  const poll = harness.json('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await harness.json('GetQueueUrl', { QueueName: 'jobs' });
  breakFilesOf(harness.dataDir);
  const words = expect.stringMatching(/until the broker is started again.*EBADF/);
  const send = () => harness.json('SendMessage', { QueueUrl, MessageBody: 'x' });
  const refused = { status: 500, body: { message: words } };
  expect(await send()).toMatchObject(refused);
  expect(await poll).toMatchObject(refused);
  expect(await send()).toMatchObject(refused);
  expect(await harness.json('ReceiveMessage', { QueueUrl })).toMatchObject(refused);
  expect(await health()).toEqual({ status: 503, text: words });
  expect(harness.events).toMatchObject([{ level: 'error', message: words }]);
});

/** Flips a bit of the log where it has `text`. */
function decay(text: string): void {
  for (const name of readdirSync(harness.dataDir).filter((file) => file.endsWith('.log'))) {
    const path = join(harness.dataDir, name);
    const content = readFileSync(path);
    const at = content.indexOf(text);
    if (at < 0) continue;
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.from([content.readUInt8(at) ^ 1]), 0, 1, at);
    closeSync(file);
  }
}

test('a message that decays is dropped and reported; a receive gives the others', async () => {
  await harness.json('CreateQueue', { QueueName: 'jobs' });
  const QueueUrl = `${harness.broker.url}/000000000000/jobs`;
  for (const MessageBody of ['decaying', 'whole']) {
    await harness.json('SendMessage', { QueueUrl, MessageBody });
  }
  decay('decaying');
  const { status, body } = await harness.json('ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
  });
  expect({ status, body }).toMatchObject({ status: 200, body: { Messages: [{ Body: 'whole' }] } });
  expect(body.Messages).toHaveLength(1);
  const cause = expect.stringContaining('is damaged');
  expect(harness.events).toMatchObject([{ level: 'error', details: { cause } }]);
  expect(harness.broker.queues()).toMatchObject([{ waiting: 0, inFlight: 1 }]);
});

test('a message that decays holds up neither its group, nor a long poll, nor a move task', async () => {
  await harness.json('CreateQueue', { QueueName: 'dead.fifo', Attributes: { FifoQueue: 'true' } });
  const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const policy = { deadLetterTargetArn: arn('dead.fifo'), maxReceiveCount: 1 };
  const Attributes = { FifoQueue: 'true', RedrivePolicy: JSON.stringify(policy) };
  await harness.json('CreateQueue', { QueueName: 'jobs.fifo', Attributes });
  const QueueUrl = `${harness.broker.url}/000000000000/dead.fifo`;
  const send = (MessageBody: string) =>
    harness.json('SendMessage', {
      ...{ QueueUrl, MessageBody, MessageGroupId: 'g', MessageDeduplicationId: MessageBody },
    });
  for (const body of ['decaying-1', 'whole-1', 'decaying-2', 'whole-2']) await send(body);
  decay('decaying-1');
  decay('decaying-2');
  const poll = { QueueUrl, WaitTimeSeconds: 20, VisibilityTimeout: 0 };
  const { body } = await harness.json('ReceiveMessage', poll);
  expect(body.Messages).toMatchObject([{ Body: 'whole-1' }]);
  const move = { SourceArn: arn('dead.fifo'), DestinationArn: arn('jobs.fifo') };
  await harness.json('StartMessageMoveTask', move);
  harness.advance(1);
  const running = async () => {
    const { SourceArn } = move;
    const { body: listed } = await harness.json('ListMessageMoveTasks', { SourceArn });
    return (listed.Results as { Status: string }[])[0]?.Status === 'RUNNING';
  };
  while (await running());
  expect(harness.broker.queues()).toMatchObject([
    { name: 'dead.fifo', waiting: 0 },
    { name: 'jobs.fifo', waiting: 2 },
  ]);
  expect(harness.events).toHaveLength(2);
});

test('a batch that meets a full disk says of each message whether it is stored', async () => {
  await harness.json('CreateQueue', { QueueName: 'jobs' });
  const QueueUrl = `${harness.broker.url}/000000000000/jobs`;
  mkdirSync(join(harness.dataDir, 'prepared', 'in the way'), { recursive: true });
  mkdirSync(join(harness.dataDir, '00000002.log')); // no further segment can be made
  await harness.json('SendMessage', { QueueUrl, MessageBody: 'x'.repeat(300_000) });
  const Entries = Array.from({ length: 10 }, (_, index) => ({
    ...{ Id: String(index), MessageBody: 'x'.repeat(100_000) },
  }));
  const { status, body } = await harness.json('SendMessageBatch', { QueueUrl, Entries });
  expect(status).toBe(200);
  const { Successful, Failed } = body as Record<string, { Id: string }[]>;
  expect(Successful?.length).toBeGreaterThan(0);
  expect([...(Successful ?? []), ...(Failed ?? [])].map(({ Id }) => Id)).toEqual(
    Entries.map(({ Id }) => Id),
  );
  expect(Failed?.[0]).toMatchObject({ SenderFault: false, Code: 'InternalFailure' });
  expect(harness.broker.queues()).toMatchObject([{ waiting: 1 + (Successful?.length ?? 0) }]);
});
