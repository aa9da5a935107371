// Three copies of the order API on one Postgres and one broker: what each does alone they do together.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ORDER_EVENTS, type Order, OrderEvent, type Problem, topology } from '@spillway/contracts';
import { createSqsMessaging, type Messaging } from '@spillway/messaging';
import { createLogger } from '@spillway/runtime';
import { eventually } from '../../packages/messaging/src/conformance/harness.ts';
import { beginUpload } from '../../services/order-api/src/testing/slow-upload.ts';
import { postOrder } from '../support/orders.ts';
import { deadLettersOf, fakeWorkers } from './support/fake-workers.ts';
import { type StartedPostgres, startPostgres } from './support/postgres.ts';
import { type Program, System } from './support/programs.ts';

const EVENTS = 'events-of-the-test';
let folder: string;
let postgres: StartedPostgres;
let system: System;
let messaging: Messaging;
let copies: Program[];
/** As they were published, by order. */
const published = new Map<string, OrderEvent[]>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-copies-'));
  postgres = await startPostgres();
  system = await System.open(folder, postgres.url);
  const migrated = await Promise.all([system.migrate(), system.migrate()]);
  expect(migrated.map(({ code }) => code)).toEqual([0, 0]);
  expect(migrated.map(({ said }) => said).join('')).toMatch(
    /Applied .*up to date|up to date.*Applied/s,
  );
  // One after the other, so that the first has the locks of whoever leads.
  copies = [];
  for (let copy = 0; copy < 3; copy++) copies.push(await system.start('order-api'));
  messaging = createSqsMessaging({
    endpoint: system.brokerUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    log: createLogger('test', 'silent'),
  });
  await messaging.declare({
    queues: [{ name: EVENTS, ordered: true, leaseSeconds: 30, maxDeliveries: 5 }],
    topics: topology.topics,
    subscriptions: [{ topic: ORDER_EVENTS, queue: EVENTS, filter: {} }],
  });
  messaging.subscribe([EVENTS], { concurrency: 16 }, async (delivery) => {
    const event = OrderEvent.parse(JSON.parse(delivery.body));
    published.set(event.orderId, [...(published.get(event.orderId) ?? []), event]);
    await delivery.ack();
  });
  fakeWorkers(messaging);
}, 120_000);
afterAll(async () => {
  await messaging.close();
  await system.close();
  await postgres.remove();
  await rm(folder, { recursive: true, force: true });
});

const body = { source: { url: 'http://127.0.0.1/film.mp4' } };

/** As a client does that wants exactly one order: the same key again, at any copy, until one has taken it. */
async function orderOnce(key: string, copyAt: (attempt: number) => Program | undefined) {
  for (let attempt = 0; ; attempt++) {
    const url = copyAt(attempt)?.url ?? '';
    const response = await postOrder(url, body, { 'idempotency-key': key }).catch(() => null);
    if (response?.status === 202) return ((await response.json()) as Order).id;
    const status = response?.status ?? 0;
    // Another request with the key is at work, the database is away, or nobody is there.
    if (![0, 409, 503].includes(status)) throw new Error(`${status}: ${await response?.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const completedOf = (id: string) =>
  (published.get(id) ?? []).filter(({ type }) => type === 'order.completed');

async function expectWhole(ids: readonly string[]): Promise<void> {
  await eventually(async () => ids.every((id) => completedOf(id).length > 0));
  for (const id of ids) {
    const sequences = (published.get(id) ?? []).map(({ sequence }) => sequence);
    // What a copy sent before it died is sent again by the next one: seen once, in order, without a gap.
    const first = sequences.filter((sequence, place) => sequences.indexOf(sequence) === place);
    expect(first).toEqual(first.map((_, place) => place + 1));
    expect(new Set(completedOf(id).map((event) => event.id)).size).toBe(1);
  }
  const counted = await postgres.sql(
    `SELECT count(*), count(*) FILTER (WHERE status = 'completed') FROM orders`,
  );
  expect(counted).toBe([published.size, published.size].join('|'));
  await eventually(async () => (await postgres.sql('SELECT count(*) FROM outbox')) === '0');
  expect(new Set(Object.values(await deadLettersOf(messaging)))).toEqual(new Set([0]));
}

/** The sequences that a listener at the copy hears, to the end of the order. */
async function heardAt(copy: Program | undefined, id: string): Promise<number[]> {
  const events = await fetch(`${copy?.url}/v1/orders/${id}/events`);
  const text = await events.text();
  return [...text.matchAll(/^id: (\d+)$/gm)].map(([, sequence]) => Number(sequence));
}

test('300 orders at all copies, one of them killed: each ends once, its events come once and in order', async () => {
  const [leader, second, third] = copies;
  const survivors = [second, third];
  let taken = 0;
  const orders = Array.from({ length: 300 }, async (_, index) => {
    const id = await orderOnce(`order-${index}`, (attempt) =>
      attempt === 0 ? copies[index % 3] : survivors[(index + attempt) % 2],
    );
    if (++taken === 100) await leader?.kill();
    return id;
  });
  const ids = await Promise.all(orders);
  expect(new Set(ids).size).toBe(300);
  const listened = await Promise.all(survivors.map((copy) => heardAt(copy, ids[299] ?? '')));
  await expectWhole(ids);
  const events = Number(
    await postgres.sql(`SELECT count(*) FROM events WHERE order_id = '${ids[299]}'`),
  );
  const all = Array.from({ length: events }, (_, place) => place + 1);
  expect(listened).toEqual([all, all]);
  copies[0] = await system.start('order-api');
}, 240_000);

test('a key that is used at several copies at once makes one order', async () => {
  const answers = await Promise.all(copies.map((copy) => orderOnce('the-same', () => copy)));
  expect(new Set(answers).size).toBe(1);
  await expectWhole(answers);
});

test('an upload has one writer among all copies', async () => {
  const [a, b] = copies;
  const created = await fetch(`${a?.url}/v1/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { url } = (await created.json()) as { url: string };
  const atB = url.replace(a?.url ?? '', b?.url ?? '');
  const slow = beginUpload(url, 'PUT', { 'content-length': 10 });
  await slow.write(Buffer.from('12345'));
  const writers = `SELECT count(*) FROM uploads WHERE writer IS NOT NULL`;
  await eventually(async () => (await postgres.sql(writers)) === '1');
  const whole = async () => (await fetch(atB, { method: 'PUT', body: '1234567890' })).status;
  expect(await whole()).toBe(423);
  slow.cut();
  await slow.over;
  await eventually(async () => (await whole()) === 200);
});

test('a Postgres that is killed and comes back: 503 with a sentence meanwhile, nothing lost, no copy restarted', async () => {
  const before = await Promise.all(
    copies.flatMap((copy, place) =>
      Array.from({ length: 20 }, (_, index) => orderOnce(`before-${place}-${index}`, () => copy)),
    ),
  );
  await postgres.kill();
  const away = await Promise.all(copies.map((copy) => postOrder(copy.url, body)));
  for (const response of away) {
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(((await response.json()) as Problem).type).toContain('database-unavailable');
  }
  const during = copies.map((copy, place) => orderOnce(`during-${place}`, () => copy));
  await postgres.start();
  const taken = await Promise.all(during);
  await expectWhole([...before, ...taken]);
}, 240_000);

test('a Postgres that falls silent is not waited for beyond its time, and is used again when it answers', async () => {
  await postgres.pause();
  const answers = await Promise.all(copies.map((copy) => postOrder(copy.url, body)));
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  await postgres.resume();
  const taken = await Promise.all(
    copies.map((copy, place) => orderOnce(`after-silence-${place}`, () => copy)),
  );
  await eventually(async () => taken.every((id) => completedOf(id).length > 0));
}, 240_000);
