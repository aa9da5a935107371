import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newOrderId, type Order, type OrderPage, type Problem } from '@spillway/contracts';
import { ConfigError } from '@spillway/runtime';
import { readOrderApiConfig } from './config.ts';
import { type Answer, ask, startTestApi, type TestApi, testConfig } from './testing/api.ts';

let api: TestApi;
let orders: string;
let clip: string;
beforeAll(async () => {
  api = await startTestApi({ allowedHosts: ['spillway.internal'] });
  orders = `${api.url}/v1/orders`;
  const file = path.join(api.folder, 'clip.mp4');
  await writeFile(file, 'not looked at');
  clip = pathToFileURL(file).href;
});
afterAll(() => api.close());

const place = (body: unknown, headers: Record<string, string> = {}): Promise<Answer<Order>> =>
  ask<Order>(orders, { body, headers });

/** A problem document: its status, the last word of its type, and the fields that it names. */
async function problemOf(answer: Promise<Answer<unknown>>) {
  const { status, headers, body } = await answer;
  const problem = body as Problem;
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(problem.status).toBe(status);
  expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:|at Object/);
  return {
    status,
    kind: problem.type.split('/').at(-1),
    fields: problem.errors?.map(({ field }) => field),
  };
}

describe('a body that is not an order', () => {
  test('is named by its wrong fields, all at once', async () => {
    const body = { source: { url: 7, key: 'x' }, priority: 'now', colour: 'red' };
    expect(await problemOf(place(body))).toEqual({
      status: 422,
      kind: 'invalid-body',
      fields: expect.arrayContaining(['source.url', 'source.key', 'priority', 'colour']),
    });
  });

  test.each([
    ['is not JSON', '{"source":', 400, 'invalid-json'],
    ['is a list', '[]', 422, 'invalid-body'],
    ['is empty', '', 422, 'invalid-body'],
    [
      'has 10 MB',
      JSON.stringify({ metadata: { a: 'x'.repeat(10_000_000) } }),
      413,
      'body-too-large',
    ],
  ])('%s', async (_, body, status, kind) => {
    expect(await problemOf(place(body))).toMatchObject({ status, kind });
  });

  test.each(['\\u0000', '\\ud800'])('holds %s, which no database keeps', async (character) => {
    const url = JSON.stringify(clip);
    const body = `{"source":{"url":${url}},"metadata":{"a":"x${character}"}}`;
    expect(await problemOf(place(body))).toMatchObject({ status: 422, fields: ['metadata.a'] });
  });

  test('of a form is not read', async () => {
    const headers = { 'content-type': 'text/plain' };
    const form = ask(orders, { body: JSON.stringify({ source: { url: clip } }), headers });
    expect(await problemOf(form)).toMatchObject({ status: 415, kind: 'not-json' });
  });
});

describe('an address that cannot be used', () => {
  test.each([
    ['a private one', 'http://10.0.0.1/a.mp4'],
    ['cloud metadata', 'http://169.254.169.254/latest/meta-data'],
    ['loopback in another form', 'http://[::ffff:10.0.0.1]/a.mp4'],
    ['another scheme', 'ftp://media.example.com/a.mp4'],
    ['credentials in it', 'https://user:secret@media.example.com/a.mp4'],
    ['no address', 'holiday.mp4'],
    ['a file that is not there', 'file:///no/such/film.mp4'],
    ['a folder', 'file:///tmp'],
    ['a file of another host', 'file://server/share/a.mp4'],
  ])('as source is refused: %s', async (_, url) => {
    expect(await problemOf(place({ source: { url } }))).toEqual({
      status: 422,
      kind: 'invalid-body',
      fields: ['source.url'],
    });
  });

  test('as webhook is refused', async () => {
    const body = { source: { url: clip }, webhook: { url: 'http://192.168.1.1/hook' } };
    expect(await problemOf(place(body))).toMatchObject({ status: 422, fields: ['webhook.url'] });
  });

  test('is taken when its name only does not resolve now', async () => {
    const { status } = await place({ source: { url: 'https://not-there.invalid/a.mp4' } });
    expect(status).toBe(202);
  });
});

describe('Idempotency-Key', () => {
  const body = () => ({ source: { url: clip }, metadata: { n: '1' } });

  test('gives the same answer to the same body again', async () => {
    const first = await place(body(), { 'idempotency-key': 'same' });
    const second = await place(body(), { 'idempotency-key': 'same' });
    expect(second).toMatchObject({ status: 202, body: first.body });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    const rows = await api.database.query(`SELECT 1 FROM orders WHERE id = $1`, [first.body.id]);
    expect(rows).toHaveLength(1);
  });

  test('with another body is refused', async () => {
    await place(body(), { 'idempotency-key': 'other' });
    const other = place({ ...body(), priority: 'high' }, { 'idempotency-key': 'other' });
    expect(await problemOf(other)).toMatchObject({ status: 422, kind: 'idempotency-key-reused' });
  });

  test('makes one order of many requests at once', async () => {
    const many = await Promise.all(
      Array.from({ length: 8 }, () => place(body(), { 'idempotency-key': 'at-once' })),
    );
    const taken = many.filter(({ status }) => status === 202);
    expect(new Set(taken.map(({ body: { id } }) => id)).size).toBe(1);
    for (const answer of many.filter(({ status }) => status !== 202)) {
      expect(answer.status).toBe(409);
      expect(answer.headers.get('retry-after')).toBe('1');
    }
  });

  test('that another request works on is a 409, until its process must have died', async () => {
    const claimed = (key: string, age: string) =>
      api.database.query(
        `INSERT INTO idempotency_keys (customer_id, key, body_hash, claim, claimed_at)
         SELECT customer_id, $1, body_hash, 'another', now() - $2::interval
         FROM idempotency_keys WHERE key = 'same'`,
        [key, age],
      );
    await claimed('young', '50 s');
    await claimed('stale', '61 s');
    const young = place(body(), { 'idempotency-key': 'young' });
    expect(await problemOf(young)).toMatchObject({ kind: 'idempotency-key-in-progress' });
    expect((await place(body(), { 'idempotency-key': 'stale' })).status).toBe(202);
  });

  test('is free again when the order was refused', async () => {
    const key = { 'idempotency-key': 'refused' };
    const refused = { source: { url: 'http://10.0.0.1/a.mp4' } };
    expect((await place(refused, key)).status).toBe(422);
    expect((await place(body(), key)).status).toBe(202);
  });

  test.each(['', 'x'.repeat(256), 'a b'])('that is not one is refused: "%s"', async (key) => {
    const answer = place(body(), { 'idempotency-key': key });
    expect(await problemOf(answer)).toMatchObject({ status: 422, fields: ['Idempotency-Key'] });
  });
});

describe('the list', () => {
  const list = (query: string) => ask<OrderPage>(`${orders}?${query}`);

  test('comes newest first, in pages that neither repeat nor leave out', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await place({ source: { url: clip } })).body.id);
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Answer<OrderPage> = await list(`limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      found.push(...page.body.orders.map(({ id }) => id));
      cursor = page.body.nextCursor;
    } while (cursor !== null && found.length < 5);
    expect(found.slice(0, 5).sort()).toEqual(ids.sort());
    expect(found).toEqual([...found].sort().reverse());
  });

  test('filters by status and customer', async () => {
    const { body } = await place({ source: { url: clip } });
    await ask(`${orders}/${body.id}/cancel`, { method: 'POST' });
    const canceled = await list('status=canceled&customerId=default');
    expect(canceled.body.orders.map(({ id }) => id)).toContain(body.id);
    expect(new Set(canceled.body.orders.map(({ status }) => status))).toEqual(
      new Set(['canceled']),
    );
    expect((await list('customerId=nobody')).body).toEqual({ orders: [], nextCursor: null });
  });

  test.each([
    ['cursor=nonsense', 'cursor'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['status=done', 'status'],
    ['colour=red', 'colour'],
  ])('refuses %s', async (query, field) => {
    expect(await problemOf(list(query))).toEqual({
      status: 422,
      kind: 'invalid-query',
      fields: [field],
    });
  });
});

describe('what is not there', () => {
  test.each([
    ['GET', `/v1/orders/${newOrderId()}`, 'order-not-found'],
    ['GET', '/v1/orders/nonsense', 'order-not-found'],
    ['DELETE', `/v1/orders/${newOrderId()}`, 'order-not-found'],
    ['POST', `/v1/orders/${newOrderId()}/cancel`, 'order-not-found'],
    ['POST', `/v1/orders/${newOrderId()}/retry`, 'order-not-found'],
    ['GET', `/v1/orders/${newOrderId()}/jobs`, 'order-not-found'],
    ['GET', `/v1/orders/${newOrderId()}/events`, 'order-not-found'],
    ['GET', `/v1/orders/${newOrderId()}/playback/master.m3u8`, 'order-not-found'],
    ['GET', `/play/${newOrderId()}`, 'order-not-found'],
    ['GET', '/v1/nothing', 'not-found'],
    ['GET', '/v1/orders/%E0%A4%A', 'invalid-path'],
  ])('%s %s', async (method, target, kind) => {
    expect(await problemOf(ask(`${api.url}${target}`, { method }))).toMatchObject({ kind });
  });
});

describe('a browser that is led here', () => {
  /** fetch sets Host itself. */
  async function statusOf(host: string): Promise<number | undefined> {
    const [answer] = (await once(
      request(`${api.url}/v1/orders`, { headers: { host } }).end(),
      'response',
    )) as [IncomingMessage];
    answer.resume();
    return answer.statusCode;
  }

  test.each([
    ['127.0.0.1:8080', 200],
    ['localhost', 200],
    ['[::1]:8080', 200],
    ['spillway.internal', 200],
    ['evil.example.com', 403],
    ['127.0.0.1.evil.example.com', 403],
    ['10.0.0.7', 403],
  ])('by the name %s gets %i', async (host, status) => {
    expect(await statusOf(host)).toBe(status);
  });

  test('changes nothing from a page of another origin', async () => {
    const { body } = await place({ source: { url: clip } });
    const headers = { origin: 'https://evil.example.com' };
    for (const [method, target] of [
      ['POST', `${orders}/${body.id}/cancel`],
      ['DELETE', `${orders}/${body.id}`],
    ] as const) {
      expect(await problemOf(ask(target, { method, headers }))).toMatchObject({
        kind: 'cross-origin',
      });
    }
    expect(await problemOf(place({ source: { url: clip } }, headers))).toMatchObject({
      status: 403,
    });
    const own = await place({ source: { url: clip } }, { origin: api.url });
    expect(own.status).toBe(202);
  });
});

test('without keys it does not start on anything but loopback', () => {
  const { secret } = testConfig();
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.com']) {
    expect(() => readOrderApiConfig({ SPILLWAY_SECRET: secret, SPILLWAY_HOST: host })).toThrow(
      ConfigError,
    );
  }
  expect(readOrderApiConfig({ SPILLWAY_SECRET: secret, SPILLWAY_HOST: '::1' })).toMatchObject({
    host: '::1',
    port: 8080,
  });
});

test.each([
  ['in standalone mode', { allowFiles: false }, { isAdmin: true }],
  ['for its operator', { allowFiles: true }, { isAdmin: false }],
])('files of this machine are sources %s only', async (_, modes, caller) => {
  const { addressChecks } = await import('./adapters/check-addresses.ts');
  const egress = { check: async () => Promise.reject(new Error('not asked')) };
  const refused = addressChecks(egress as never, modes).checkSource(clip, caller);
  await expect(refused).rejects.toMatchObject({ field: 'source.url' });
});

test('says that it lives and that its parts answer', async () => {
  expect(await ask(`${api.url}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await ask(`${api.url}/readyz`)).toMatchObject({
    status: 200,
    body: { parts: { database: 'ok', broker: 'ok', storage: 'ok' } },
  });
});

test('counts what there is, by the route and not by the path', async () => {
  const text = await api.registry.metrics();
  expect(text).toMatch(/spillway_orders{status="queued"} [1-9]/);
  expect(text).toMatch(/spillway_queue_messages{queue="encode-jobs",state="waiting"} \d/);
  expect(text).toMatch(/spillway_outbox_messages{state="rejected"} 0/);
  expect(text).toMatch(/route="\/v1\/orders\/{id}",status="404"/);
  expect(text).not.toMatch(/ord_/);
});
