import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Broker, startBroker } from '@spillway/broker';
import type { Topology } from '@spillway/contracts';
import { createLogger } from '@spillway/runtime';
import { openClients } from './clients.ts';
import { createSqsMessaging, type SqsOptions } from './index.ts';

const log = createLogger('test', 'silent');
const spec = { name: 'jobs', ordered: false, leaseSeconds: 20, maxDeliveries: 8 };
const topology: Topology = {
  queues: [spec],
  topics: [{ name: 'news', ordered: true }],
  subscriptions: [],
};

let broker: Broker;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'spillway-provisioned-'));
  broker = await startBroker({ dataDir });
});
afterAll(async () => {
  await broker.close();
  await rm(dataDir, { recursive: true });
});

const connection = () => ({
  endpoint: broker.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

async function using<T>(
  options: Partial<SqsOptions>,
  work: (messaging: ReturnType<typeof createSqsMessaging>) => Promise<T>,
): Promise<T> {
  const messaging = createSqsMessaging({ ...connection(), log, ...options });
  try {
    return await work(messaging);
  } finally {
    await messaging.close();
  }
}

test('two systems with prefixes share an account, and neither sees the messages of the other', async () => {
  await using({ prefix: 'blue-' }, (blue) => blue.declare(topology));
  await using({ prefix: 'green-' }, async (green) => {
    await green.declare(topology);
    await green.send('jobs', [{ body: '{}' }]);
    await green.publish('news', [{ body: '{}', group: 'g', deduplicationId: 'd' }]);
    expect((await green.depth('jobs')).waiting).toBe(1);
  });
  const blue = await using({ prefix: 'blue-' }, (messaging) => messaging.depth('jobs'));
  expect(blue.waiting).toBe(0);
});

test('what a template should have made, and has not, is named, and nothing is made', async () => {
  const red = { prefix: 'red-', provisioned: true };
  await expect(using(red, (messaging) => messaging.declare(topology))).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringMatching(/^There is no (queue red-jobs-dlq|topic red-news)$/),
  });
  await expect(using(red, (messaging) => messaging.depth('jobs'))).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('what a template made otherwise is told in the log, and stays as it is', async () => {
  await using({ prefix: 'teal-' }, (messaging) => messaging.declare(topology));
  const told: unknown[] = [];
  const listening = { ...log, warn: (details: unknown) => void told.push(details) } as typeof log;
  const teal = { prefix: 'teal-', provisioned: true, log: listening };
  await using(teal, (messaging) => messaging.declare(topology));
  expect(told).toEqual([]);

  const { sqs } = openClients(connection());
  const QueueUrl = `${broker.url}/000000000000/teal-jobs`;
  const Attributes = { VisibilityTimeout: '600' };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  sqs.destroy();
  await using(teal, (messaging) => messaging.declare(topology));
  await using(teal, (messaging) => messaging.declare(topology));
  const difference = { queue: 'jobs', attribute: 'VisibilityTimeout', is: '600', wanted: '20' };
  expect(told).toEqual([difference, difference]);
});

test('a queue whose messages shall keep their order, and do not, is told in the log', async () => {
  await using({ prefix: 'gold-' }, (messaging) => messaging.declare(topology));
  const told: unknown[] = [];
  const listening = { ...log, warn: (details: unknown) => void told.push(details) } as typeof log;
  const ordered = { ...topology, queues: [{ ...spec, ordered: true }] };
  await using({ prefix: 'gold-', provisioned: true, log: listening }, (messaging) =>
    messaging.declare(ordered),
  );
  expect(told).toMatchObject([{ queue: 'jobs', attribute: 'FifoQueue', wanted: 'true' }]);
});
