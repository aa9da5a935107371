import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CreatedApiKey, newUploadId } from '@spillway/contracts';
import { openApiDocument } from './adapters/http/openapi.ts';
import { type Answer, ask, startTestApi, type TestApi } from './testing/api.ts';

// Walks every operation of the OpenAPI document that needs a key, so that a new route cannot forget whose things are whose.

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

interface Described {
  readonly security?: readonly unknown[];
  readonly requestBody?: { content: Record<string, { example?: unknown }> };
}

const paths = Object.entries(openApiDocument('http://localhost').paths ?? {});
const operations: Operation[] = paths.flatMap(([at, item]) =>
  Object.entries(item as Record<string, Described>)
    .filter(([, { security }]) => security?.length !== 0)
    .map(([method, { requestBody }]) => ({
      method: method.toUpperCase(),
      path: at,
      body: requestBody?.content['application/json']?.example,
    })),
);
const ofOne = operations.filter(({ path }) => path.includes('{'));
const ofAll = operations.filter(({ path }) => !path.includes('{'));

const ADMIN_KEY = 'the-key-of-the-operator-32-or-more';
let api: TestApi;
let owner: string;
let other: string;
/** The owner's, by what stands behind `/v1/`. */
const things = new Map<string, string>();

const as = (key: string | null, { method, path: target, body }: Operation) =>
  ask<{ type?: string } | undefined>(`${api.url}${target}`, {
    method,
    ...(body !== undefined && method !== 'GET' && { body }),
    ...(key !== null && { headers: { authorization: `Bearer ${key}` } }),
  });

async function keyOf(customerId: string): Promise<string> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const made = await ask<CreatedApiKey>(`${api.url}/v1/keys`, { body: { customerId }, headers });
  return made.body.key;
}

async function make(collection: string, body: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${owner}` };
  const made = await ask<{ id: string }>(`${api.url}/v1/${collection}`, { body, headers });
  things.set(collection, made.body.id);
}

beforeAll(async () => {
  api = await startTestApi({ adminKey: ADMIN_KEY });
  owner = await keyOf('owner');
  other = await keyOf('other');
  await make('orders', { source: { url: 'http://127.0.0.1:9/a.mp4' } });
  await make('uploads', {});
  await make('webhook-endpoints', { url: 'http://127.0.0.1:9/hook' });
});
afterAll(() => api.close());

const kindOf = ({ status, body }: Answer<{ type?: string } | undefined>): string =>
  `${status} ${body?.type?.split('/').at(-1)}`;

const collectionOf = (at: string): string => at.split('/')[2] ?? '';

/** Of an operator's collection any id will do. */
const idFor = (at: string): string => things.get(collectionOf(at)) ?? 'nobody';

/** With other words in place of all parameters but the id. */
const withId = (operation: Operation, id: string): Operation => ({
  ...operation,
  path: operation.path.replace('{id}', id).replaceAll(/\{\w+\}/g, 'x'),
});

test.each(operations)('without a key nobody may $method $path', async (operation) => {
  expect(kindOf(await as(null, withId(operation, idFor(operation.path))))).toBe('401 key-missing');
});

describe("with another customer's key", () => {
  test.each(ofOne)('$method $path finds nothing, or is for operators', async (operation) => {
    const id = idFor(operation.path);
    const none = id.replace(/.{4}$/, '0000');
    const answer = await as(other, withId(operation, id));
    if (kindOf(answer) === '403 admin-only') return;
    // One that is missing is made in `beforeAll`.
    expect([...things.keys()]).toContain(collectionOf(operation.path));
    const ofNone = await as(other, withId(operation, none));
    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.body).replaceAll(id, none)).toBe(JSON.stringify(ofNone.body));
  });

  test.each(ofAll.filter(({ method }) => method === 'GET'))(
    '$method $path shows nothing of it',
    async (operation) => {
      const answer = await as(other, operation);
      if (kindOf(answer) === '403 admin-only') return;
      expect(answer.status).toBe(200);
      for (const id of things.values()) expect(JSON.stringify(answer.body)).not.toContain(id);
    },
  );

  test.each(ofAll.filter(({ method }) => method !== 'GET'))(
    '$method $path makes something of its own, or is for operators',
    async (operation) => {
      const kind = kindOf(await as(other, { ...operation, body: {} }));
      const makesItsOwn = things.has(collectionOf(operation.path));
      expect(kind === '403 admin-only').toBe(!makesItsOwn);
    },
  );

  test.each(['source', 'captions'])('an order cannot name their upload as its %s', async (part) => {
    const order = (uploadId: string) => ({
      source: part === 'source' ? { uploadId } : { url: 'http://127.0.0.1:9/a.mp4' },
      outputs: { captions: part === 'source' ? [] : [{ language: 'en', uploadId }] },
    });
    const place = (body: unknown) => as(other, { method: 'POST', path: '/v1/orders', body });
    const theirs = await place(order(things.get('uploads') ?? ''));
    expect(kindOf(theirs)).toBe('422 invalid-body');
    expect(theirs.body).toEqual((await place(order(newUploadId()))).body);
  });

  test('a list that is asked for as theirs is empty', async () => {
    const theirs = { method: 'GET', path: '/v1/orders?customerId=owner', body: undefined };
    expect((await as(other, theirs)).body).toEqual({ orders: [], nextCursor: null });
  });
});

test('everything that was walked is there: its owner finds it', async () => {
  for (const [collection, id] of things) {
    const read = { method: 'GET', path: `/v1/${collection}/${id}`, body: undefined };
    expect(await as(owner, read)).toMatchObject({ status: 200, body: { id } });
  }
});
