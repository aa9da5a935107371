import { expect, test } from '@jest/globals';
import * as contracts from '@spillway/contracts';
import { createLogger } from '@spillway/runtime';
import { createApp } from './adapters/http/app.ts';
import { openApiDocument } from './adapters/http/openapi.ts';

const PUBLIC_URL = 'http://127.0.0.1:8080';

type Json = { [key: string]: Json } & {
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
};
const document = openApiDocument(PUBLIC_URL) as unknown as Json;
const asJson = JSON.parse(JSON.stringify(document)) as Json;

const paths = asJson.paths as unknown as Record<string, Record<string, Json>>;

interface Layer {
  readonly route?: { path: string; methods: Record<string, boolean> };
  readonly handle: { stack?: Layer[] };
}

/** Every route that the app serves, in OpenAPI's way of writing. */
function servedRoutes(): string[] {
  const nothing = {} as never;
  const app = createApp({
    store: nothing,
    storage: nothing,
    feed: nothing,
    scaling: nothing,
    workflow: nothing,
    createOrder: nothing,
    deleteOrder: nothing,
    keys: nothing,
    customers: nothing,
    customerOrders: nothing,
    openOrders: nothing,
    publicUrl: PUBLIC_URL,
    viewOf: nothing,
    accessOf: nothing,
    tokens: nothing,
    mediaBaseUrl: null,
    mediaBaseOf: nothing,
    sendEvents: nothing,
    presets: new Map(),
    uploads: nothing,
    webhooks: nothing,
    deadLetters: nothing,
    sweeper: nothing,
    addresses: nothing,
    allowedHosts: [],
    checks: {},
    httpTimer: (_request, _response, next) => next(),
    log: createLogger('test', 'silent'),
  });
  const routes = (layers: readonly Layer[]): string[] =>
    layers.flatMap(({ route, handle }) => {
      if (!route) return routes(handle.stack ?? []);
      const path = route.path.replace(/[:*](\w+)/g, '{$1}');
      return Object.keys(route.methods).map((method) => `${method} ${path}`);
    });
  return routes((app.router as unknown as { stack: Layer[] }).stack);
}

test('describes every route that is served, and no other', () => {
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );
  const served = servedRoutes().filter(
    (route) => !route.startsWith('options ') && !route.includes('/play/assets/'),
  );
  expect(served.length).toBeGreaterThan(8);
  expect(described.sort()).toEqual(served.sort());
});

test('refers to nothing that it does not hold', () => {
  const references = [...JSON.stringify(asJson).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(5);
  for (const [, pointer = ''] of references) {
    const found = pointer.split('/').reduce<Json | undefined>((at, key) => at?.[key], asJson);
    expect(found).toBeDefined();
  }
});

test('has examples that fit their schemas', () => {
  // A component has the name of its schema.
  const schemas = contracts as unknown as Record<string, { parse?(value: unknown): unknown }>;
  let checked = 0;
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    const { schema, example, examples } = node as Json & { schema?: { $ref?: string } };
    const name =
      schema?.$ref
        ?.split('/')
        .at(-1)
        ?.replace(/Output$/, '') ?? '';
    const values = example ? [example] : Object.values(examples ?? {}).map(({ value }) => value);
    for (const value of values) {
      const known = schemas[name];
      if (!known?.parse) continue;
      expect(() => known.parse?.(value)).not.toThrow();
      checked++;
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(paths);
  visit(asJson.webhooks);
  expect(checked).toBeGreaterThan(30);
});

test('describes what webhooks tell: every type that a receiver may choose, and the test', () => {
  const types = [...contracts.WebhookEventType.options, 'webhook.test'];
  expect(Object.keys(asJson.webhooks ?? {})).toEqual(types);
});

test('is OpenAPI 3.1 with an id for every operation', () => {
  expect(asJson.openapi).toBe('3.1.1');
  const operations = [paths, asJson.webhooks as typeof paths].flatMap((described) =>
    Object.values(described).flatMap((path) => Object.values(path)),
  );
  const ids = operations.map((operation) => (operation as Json).operationId);
  expect(new Set(ids).size).toBe(operations.length);
  for (const operation of operations) {
    expect(Object.keys((operation as Json).responses ?? {}).length).toBeGreaterThan(0);
  }
});
