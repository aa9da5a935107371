import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  ApiKeyPage,
  CreatedApiKey,
  CustomerPage,
  CustomerRecord,
  Order,
  OrderPage,
  Problem,
} from '@spillway/contracts';
import { ConfigError } from '@spillway/runtime';
import { readOrderApiConfig } from './config.ts';
import { type Answer, ask, startTestApi, type TestApi, testConfig } from './testing/api.ts';

const ADMIN_KEY = 'the key of the operator, 32 or more'.replaceAll(' ', '-');

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ adminKey: ADMIN_KEY });
});
afterAll(() => api.close());

interface Asked {
  readonly body?: unknown;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}
const as = <T>(key: string, target: string, { headers, ...asked }: Asked = {}) =>
  ask<T>(`${api.url}${target}`, {
    ...asked,
    headers: { authorization: `Bearer ${key}`, ...headers },
  });

const createKey = async (body: unknown): Promise<CreatedApiKey> =>
  (await as<CreatedApiKey>(ADMIN_KEY, '/v1/keys', { body })).body;
const place = (key: string, headers: Record<string, string> = {}): Promise<Answer<Order>> =>
  as<Order>(key, '/v1/orders', { body: { source: { url: 'http://127.0.0.1:9/a.mp4' } }, headers });
const kindOf = ({ status, body }: Answer<unknown>): string =>
  `${status} ${(body as Problem).type?.split('/').at(-1)}`;

describe('a key', () => {
  test('is shown once, and kept as a hash only', async () => {
    const created = await as<CreatedApiKey>(ADMIN_KEY, '/v1/keys', {
      body: { customerId: 'acme' },
    });
    expect(created.status).toBe(201);
    expect(created.headers.get('cache-control')).toBe('no-store');
    const { key, ...shown } = created.body;
    expect(key).toMatch(new RegExp(`^spw_${shown.id.slice(4)}_[\\w-]{39}${shown.hint}$`));
    const listed = await as<ApiKeyPage>(ADMIN_KEY, '/v1/keys');
    expect(listed.body.keys).toContainEqual(shown);
    const rows = await api.database.query('SELECT k::text FROM api_keys k');
    expect(JSON.stringify(rows)).not.toContain(key.slice('spw_'.length + 27));
  });

  test('fixes the customer of what is ordered with it', async () => {
    const { key } = await createKey({ customerId: 'acme' });
    const { status, body } = await place(key);
    expect(status).toBe(202);
    expect(body.customerId).toBe('acme');
    expect((await api.job(body.id, 'ingest'))?.job).toMatchObject({ customerId: 'acme' });
  });

  test.each([
    ['with another secret', (key: string) => `${key.slice(0, -4)}AAAA`],
    ['of an id that there is none of', (key: string) => key.replace(/^spw_.{4}/, 'spw_0000')],
    ['cut short', (key: string) => key.slice(0, -1)],
    ['that is no key', () => 'x'],
    ['of the operator, but longer', () => `${ADMIN_KEY}x`],
  ])('%s is none', async (_, change) => {
    const { key } = await createKey({ customerId: 'acme' });
    const answer = await as(change(key), '/v1/orders');
    expect(kindOf(answer)).toBe('401 key-invalid');
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  test('that was revoked is none, at once, and stays in the list', async () => {
    const { key, id } = await createKey({ customerId: 'acme' });
    expect((await as(key, '/v1/orders')).status).toBe(200);
    const revoke = () => as(ADMIN_KEY, `/v1/keys/${id}`, { method: 'DELETE' });
    expect((await revoke()).status).toBe(204);
    expect((await revoke()).status).toBe(204);
    expect(kindOf(await as(key, '/v1/orders'))).toBe('401 key-invalid');
    const { keys } = (await as<ApiKeyPage>(ADMIN_KEY, '/v1/keys')).body;
    expect(keys).toContainEqual(expect.objectContaining({ id, revokedAt: expect.any(String) }));
  });

  test('of the operator sees all orders, and may filter them', async () => {
    const admin = (await createKey({ admin: true })).key;
    const acme = (await place((await createKey({ customerId: 'seen' })).key)).body;
    const other = (await place((await createKey({ customerId: 'other' })).key)).body;
    const idsOf = async (key: string, query = '') =>
      (await as<OrderPage>(key, `/v1/orders${query}`)).body.orders.map(({ id }) => id).sort();
    for (const key of [ADMIN_KEY, admin]) {
      expect(await idsOf(key)).toEqual(expect.arrayContaining([acme.id, other.id]));
      expect(await idsOf(key, '?customerId=seen')).toEqual([acme.id]);
      expect((await as(key, `/v1/orders/${acme.id}`)).status).toBe(200);
    }
  });

  test.each(['nonsense', 'key_01JD3Q5ZK7R8M2N4P6S8T0V1W2', '%00'])(
    '%s is not found',
    async (id) => {
      const answer = await as(ADMIN_KEY, `/v1/keys/${id}`, { method: 'DELETE' });
      expect(kindOf(answer)).toBe('404 key-not-found');
    },
  );

  test.each([{}, { customerId: 'acme', admin: true }, { customerId: 'a b' }, { admin: false }])(
    'is not made of %j',
    async (body) => {
      expect(kindOf(await as(ADMIN_KEY, '/v1/keys', { body }))).toBe('422 invalid-body');
    },
  );
});

describe('keys are needed', () => {
  const withoutKey = (url: string) => ask(`${url}/v1/orders`);

  test('from the first on, although it was revoked since; not by the key in the settings', async () => {
    const young = await startTestApi({ adminKey: ADMIN_KEY });
    const admin = { authorization: `Bearer ${ADMIN_KEY}` };
    const keys = () => `${young.url}/v1/keys`;
    try {
      expect((await withoutKey(young.url)).status).toBe(200);
      const wrong = { authorization: 'Bearer x' };
      expect(kindOf(await ask(keys(), { headers: wrong }))).toBe('401 key-invalid');
      const body = { customerId: 'acme' };
      const { id } = (await ask<CreatedApiKey>(keys(), { body, headers: admin })).body;
      expect(kindOf(await withoutKey(young.url))).toBe('401 key-missing');
      await ask(`${keys()}/${id}`, { method: 'DELETE', headers: admin });
      await young.restart();
      expect(kindOf(await withoutKey(young.url))).toBe('401 key-missing');
    } finally {
      await young.close();
    }
  });

  test('from the start where others than this machine listen', async () => {
    const exposed = await startTestApi({ adminKey: ADMIN_KEY, isExposed: true });
    try {
      expect(kindOf(await withoutKey(exposed.url))).toBe('401 key-missing');
    } finally {
      await exposed.close();
    }
  });

  test('and then it does not matter from which page or by which name one asks', async () => {
    const { key } = await createKey({ customerId: 'acme' });
    expect((await place(key, { origin: 'https://app.example.com' })).status).toBe(202);
  });

  test.each(['/healthz', '/readyz', '/openapi.json'])('not for %s', async (target) => {
    await createKey({ customerId: 'acme' });
    expect((await ask(`${api.url}${target}`)).status).toBe(200);
  });
});

test('a server that others reach does not start without a key of the operator', () => {
  const { secret } = testConfig();
  const settings = { SPILLWAY_SECRET: secret, SPILLWAY_HOST: '0.0.0.0' };
  expect(() => readOrderApiConfig(settings)).toThrow(ConfigError);
  expect(() => readOrderApiConfig({ ...settings, SPILLWAY_ADMIN_KEY: 'short' })).toThrow(
    ConfigError,
  );
  expect(readOrderApiConfig({ ...settings, SPILLWAY_ADMIN_KEY: ADMIN_KEY })).toMatchObject({
    isExposed: true,
    adminKey: ADMIN_KEY,
  });
});

describe('a customer', () => {
  test('is made with its first key, and is as the service is set', async () => {
    await createKey({ customerId: 'new' });
    const { body } = await as<CustomerRecord>(ADMIN_KEY, '/v1/customers/new');
    expect(body).toEqual({
      id: 'new',
      limits: testConfig().customerLimits,
      ownLimits: {},
      sourcePrefixes: [],
      destinationPrefixes: [],
      createdAt: expect.any(String),
    });
  });

  test('may be allowed less, which holds for its next order', async () => {
    const { key } = await createKey({ customerId: 'less' });
    await place(key);
    const limits = { openOrders: 7, source: { seconds: 60 } };
    const put = { method: 'PUT', body: { limits, sourcePrefixes: ['s3://less/in/'] } };
    const { body } = await as<CustomerRecord>(ADMIN_KEY, '/v1/customers/less', put);
    const { source, ...others } = testConfig().customerLimits;
    expect(body).toMatchObject({
      limits: { ...others, openOrders: 7, source: { ...source, seconds: 60 } },
      ownLimits: limits,
      sourcePrefixes: ['s3://less/in/'],
    });
    const order = (await place(key)).body;
    expect((await api.job(order.id, 'ingest'))?.job).toMatchObject({ limits: { seconds: 60 } });
    const rest = { method: 'PUT', body: {} };
    const again = await as<CustomerRecord>(ADMIN_KEY, '/v1/customers/less', rest);
    expect(again.body).toMatchObject({ ownLimits: {}, sourcePrefixes: [] });
  });

  test('with as many open orders as it may have is told so, until one has ended', async () => {
    const { key } = await createKey({ customerId: 'full' });
    const put = { method: 'PUT', body: { limits: { openOrders: 1 } } };
    await as(ADMIN_KEY, '/v1/customers/full', put);
    const first = await place(key, { 'idempotency-key': 'first' });
    const second = await place(key);
    expect(kindOf(second)).toBe('429 too-many-open-orders');
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    // The same request again is no other order.
    expect((await place(key, { 'idempotency-key': 'first' })).body).toEqual(first.body);
    expect((await place((await createKey({ customerId: 'another' })).key)).status).toBe(202);
    await as(key, `/v1/orders/${first.body.id}/cancel`, { method: 'POST' });
    const next = await untilTaken(() => place(key));
    // Nor is what has ended begun again beyond the limit.
    const retried = await as(key, `/v1/orders/${first.body.id}/retry`, { method: 'POST' });
    expect(kindOf(retried)).toBe('429 too-many-open-orders');
    expect(next.body.status).toBe('queued');
  });

  test('with too many requests a second is held up', async () => {
    const { key } = await createKey({ customerId: 'fast' });
    const put = { method: 'PUT', body: { limits: { requestsPerSecond: 0.01 } } };
    await as(ADMIN_KEY, '/v1/customers/fast', put);
    const answers = [await as(key, '/v1/orders'), await as(key, '/v1/orders')];
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    expect(answers[1]?.headers.get('retry-after')).toBe('100');
  });

  test.each([
    [{ limits: { openOrders: 0 } }, 'limits.openOrders'],
    [{ limits: { source: { colour: 1 } } }, 'limits.source.colour'],
    [{ sourcePrefixes: ['https://acme'] }, 'sourcePrefixes.0'],
  ])('is not made of %j', async (body, field) => {
    const answer = await as<Problem>(ADMIN_KEY, '/v1/customers/acme', { method: 'PUT', body });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ field }] });
  });

  test('is listed in pages', async () => {
    for (const customerId of ['03', '01', '02']) await createKey({ customerId });
    const first = await as<CustomerPage>(ADMIN_KEY, '/v1/customers?limit=2');
    expect(first.body.customers.map(({ id }) => id)).toEqual(['01', '02']);
    const cursor = first.body.nextCursor;
    const second = await as<CustomerPage>(ADMIN_KEY, `/v1/customers?limit=2&cursor=${cursor}`);
    expect(second.body.customers[0]).toMatchObject({ id: '03' });
  });

  test.each(['/v1/customers/nobody', '/v1/customers/%00'])('%s is not found', async (target) => {
    expect(kindOf(await as(ADMIN_KEY, target))).toBe('404 customer-not-found');
  });
});

/** The count of open orders may be a second old. */
async function untilTaken(order: () => Promise<Answer<Order>>): Promise<Answer<Order>> {
  for (;;) {
    const answer = await order();
    if (answer.status !== 429) return answer;
  }
}
