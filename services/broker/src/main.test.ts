import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const program = join(import.meta.dirname, 'main.ts');
const running = new Set<ReturnType<typeof run>>();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-program-'));
});
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  running.clear();
  await rm(folder, { recursive: true, force: true });
});

const start = (...args: string[]) => run(process.execPath, [program, ...args]);

/** The program on a disk whose files have room for so many bytes. */
function startCramped(bytes: number, ...args: string[]) {
  const script = `ulimit -f ${bytes / 512}; exec "$0" "$@"`;
  return run('sh', ['-c', script, process.execPath, program, ...args]);
}

function run(command: string, args: string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exit = once(child, 'exit').then(([code]) => ({ code, errors }));
  const url = once(child.stdout, 'data').then(([line]) => /http:\S+/.exec(String(line))?.[0] ?? '');
  const started = { child, exit, url };
  running.add(started);
  return started;
}

const dataDir = () => ['--port', '0', '--data-dir', join(folder, 'data')];

async function call(url: string, action: string, body: object) {
  const headers = { 'X-Amz-Target': `AmazonSQS.${action}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as Record<string, unknown>;
}

test('says when it is ready, shows health and metrics, and stops on SIGTERM with a long poll open', async () => {
  const queues = join(folder, 'queues.json');
  await writeFile(
    queues,
    JSON.stringify([{ name: 'jobs', attributes: { VisibilityTimeout: '7' } }]),
  );
  const { url, child, exit } = start(...dataDir(), '--queues', queues);
  const address = await url;
  expect(await (await fetch(`${address}/healthz`)).text()).toBe('ok\n');
  const QueueUrl = `${address}/000000000000/jobs`;
  await call(address, 'SendMessage', { QueueUrl, MessageBody: 'x' });
  const metrics = await (await fetch(`${address}/metrics`)).text();
  expect(metrics).toContain('broker_queue_messages{queue="jobs",state="waiting"} 1');
  await call(address, 'ReceiveMessage', { QueueUrl });
  const poll = call(address, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await call(address, 'GetQueueUrl', { QueueName: 'jobs' });
  child.kill('SIGTERM');
  expect(await poll).toEqual({});
  expect((await exit).code).toBe(0);
});

test.each([
  ['a bad port', ['--port', '70000'], '--port must be a number'],
  ['an unknown flag', ['--colour', 'red'], "Unknown option '--colour'"],
  ['a bad sync', ['--sync=maybe'], '--sync must be on or off'],
  ['a file of queues that is not there', ['--queues', '/nowhere.json'], '--queues /nowhere.json'],
])('refuses %s in one sentence', async (_, args, sentence) => {
  const { code, errors } = await start(...dataDir(), ...args).exit;
  expect(code).toBe(2);
  expect(errors).toContain(sentence);
  expect(errors).not.toContain('    at ');
});

test('on a full disk refuses what is sent, and takes removals', async () => {
  const address = await startCramped(1.5 * 1024 * 1024, ...dataDir()).url;
  const QueueUrl = `${address}/000000000000/jobs`;
  await call(address, 'CreateQueue', { QueueName: 'jobs' });
  const message = { QueueUrl, MessageBody: 'x'.repeat(10_000) };
  let answer = await call(address, 'SendMessage', message);
  while (answer.MessageId) answer = await call(address, 'SendMessage', message);
  expect(answer.message).toContain('no space');
  const receive = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  for (let receives = 0; receives < 50; receives += 1) {
    expect((await call(address, 'ReceiveMessage', receive)).Messages).toHaveLength(10);
  }
  const { Messages } = await call(address, 'ReceiveMessage', { QueueUrl });
  const [{ ReceiptHandle }] = Messages as [{ ReceiptHandle: string }];
  expect(await call(address, 'DeleteMessage', { QueueUrl, ReceiptHandle })).toEqual({});
  expect(await (await fetch(`${address}/healthz`)).text()).toBe('ok\n');
});

test('refuses a folder that is in use and a port that is taken', async () => {
  const address = await start(...dataDir()).url;
  const second = await start(...dataDir()).exit;
  expect(second).toMatchObject({ code: 2 });
  expect(second.errors).toContain('in use by another broker');
  const elsewhere = ['--data-dir', join(folder, 'other'), '--port', new URL(address).port];
  expect((await start(...elsewhere).exit).errors).toContain('is in use by another program');
});
