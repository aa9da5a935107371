import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApiDocument } from './adapters/http/openapi.ts';
import { ask, startTestApi, type TestApi } from './testing/api.ts';

// Executes every example of the OpenAPI document against a running API, and checks what is answered against
// the schema that the document has for it.

interface Media {
  readonly schema?: unknown;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
type Content = Readonly<Record<string, Media>>;
interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

const document = JSON.parse(JSON.stringify(openApiDocument('http://127.0.0.1:8080')));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'api');

const operations = Object.entries(
  document.paths as Record<string, Record<string, Operation>>,
).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

const examplesOf = (content: Content | undefined): { type: string; value: unknown }[] =>
  Object.entries(content ?? {}).flatMap(([type, { example, examples }]) =>
    [example, ...Object.values(examples ?? {}).map(({ value }) => value)]
      .filter((value) => value !== undefined)
      .map((value) => ({ type, value })),
  );

/** JSON pointer into the document, for a schema within it. */
const at = (...parts: string[]): string =>
  `api#/${parts
    .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
    .map(encodeURIComponent)
    .join('/')}`;

function complaints(pointer: string, value: unknown): unknown {
  const validate = ajv.getSchema(pointer);
  if (!validate) throw new Error(`There is no schema at ${pointer}.`);
  return validate(value) ? [] : validate.errors;
}

const KEY = 'the-key-of-the-operator-32-or-more';
const headers = { authorization: `Bearer ${KEY}` };
let api: TestApi;
/** Things that are there, by the collection of their path. */
const ids = new Map<string, string>();

async function uploaded(): Promise<string> {
  const { body } = await ask<{ id: string; url: string }>(`${api.url}/v1/uploads`, {
    body: {},
    headers,
  });
  const put = await fetch(body.url, { method: 'PUT', body: 'a film' });
  expect(put.ok).toBe(true);
  return body.id;
}

beforeAll(async () => {
  api = await startTestApi({ adminKey: KEY });
  const make = async (collection: string, body: unknown) => {
    const made = await ask<{ id: string }>(`${api.url}/v1/${collection}`, { body, headers });
    ids.set(collection, made.body.id);
  };
  await make('orders', { source: { url: 'https://media.example.com/a.mp4' }, playback: 'signed' });
  await make('webhook-endpoints', { url: 'https://app.example.com/hook' });
  await make('keys', { customerId: 'acme' });
  ids.set('uploads', await uploaded());
  ids.set('customers', 'acme');
  const found = { sourcePrefixes: ['s3://acme-media/'], destinationPrefixes: ['s3://acme-media/'] };
  for (const id of ['acme', 'default']) {
    await ask(`${api.url}/v1/customers/${id}`, { method: 'PUT', body: found, headers });
  }
});
afterAll(() => api.close());

const exampled = operations.filter(
  ({ operation }) => examplesOf(operation.requestBody?.content).length,
);

/** An example names an upload that is not there: one that is takes its place. */
const withRealIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/upl_\w+/g, ids.get('uploads') ?? ''));

/** It needs parts that were put into S3: s3-uploads.test.ts. */
const ELSEWHERE = 'completeUploadParts';

test.each(
  exampled
    .filter(({ operation }) => operation.operationId !== ELSEWHERE)
    .map((one) => [one.operation.operationId, one] as const),
)('%s: its examples do what they say', async (_id, { path, method, operation }) => {
  const target = path
    .replace('{id}', ids.get(path.split('/')[2] ?? '') ?? 'nobody')
    .replace('{queue}', 'encode-jobs');
  for (const { type, value } of examplesOf(operation.requestBody?.content)) {
    expect(
      complaints(at('paths', path, method, 'requestBody', 'content', type, 'schema'), value),
    ).toEqual([]);
    const body = withRealIds(value);
    const answer = await ask<unknown>(`${api.url}${target}`, {
      method: method.toUpperCase(),
      body,
      headers,
    });
    expect({ status: answer.status, body: answer.body }).toMatchObject({
      status: Number(Object.keys(operation.responses).find((status) => status.startsWith('2'))),
    });
    const described = operation.responses[answer.status]?.content?.['application/json'];
    if (!described) continue;
    const pointer = at(
      'paths',
      path,
      method,
      'responses',
      String(answer.status),
      'content',
      'application/json',
      'schema',
    );
    expect(complaints(pointer, answer.body)).toEqual([]);
  }
});

const answers = operations.flatMap(({ path, method, operation }) =>
  Object.entries(operation.responses).flatMap(([status, { content }]) =>
    examplesOf(content).map(({ type, value }) => ({
      name: `${operation.operationId} ${status}`,
      value,
      pointer: at('paths', path, method, 'responses', status, 'content', type, 'schema'),
    })),
  ),
);

test('every example of an answer fits its schema', () => {
  expect(answers.length).toBeGreaterThan(100);
  for (const { name, value, pointer } of answers) {
    expect([name, complaints(pointer, value)]).toEqual([name, []]);
  }
});

test('what is read without an example of a body is as described', async () => {
  const reads = operations.filter(
    ({ path, method }) =>
      method === 'get' && path.startsWith('/v1/') && !/token|attempt|playback|events/.test(path),
  );
  expect(reads.length).toBeGreaterThan(10);
  for (const { path, operation } of reads) {
    const target = path
      .replace('{id}', ids.get(path.split('/')[2] ?? '') ?? 'nobody')
      .replace('{queue}', 'encode-jobs');
    const { status, body } = await ask<unknown>(`${api.url}${target}`, { headers });
    expect([operation.operationId, status, body]).toEqual([operation.operationId, 200, body]);
    const pointer = at(
      'paths',
      path,
      'get',
      'responses',
      '200',
      'content',
      'application/json',
      'schema',
    );
    expect([operation.operationId, complaints(pointer, body)]).toEqual([operation.operationId, []]);
  }
});
