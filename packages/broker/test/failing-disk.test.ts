import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
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

test('a message that cannot be read fails the receive that took it, not the send that woke that', async () => {
  await harness.json('CreateQueue', { QueueName: 'jobs' });
  const QueueUrl = `${harness.broker.url}/000000000000/jobs`;
  const late = { QueueUrl, MessageBody: 'decaying', DelaySeconds: 1 };
  await harness.json('SendMessage', late);
  decay('decaying');
  const take = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 };
  const poll = harness.json('ReceiveMessage', take);
  await harness.json('GetQueueUrl', { QueueName: 'jobs' });
  harness.advance(2);
  const { status } = await harness.json('SendMessage', { QueueUrl, MessageBody: 'x' });
  expect(status).toBe(200);
  expect(await poll).toMatchObject({ status: 500 });
  const cause = expect.stringContaining('is damaged');
  expect(harness.events).toMatchObject([{ level: 'error', details: { cause } }]);
});
