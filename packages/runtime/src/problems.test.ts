import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { Registry } from 'prom-client';
import * as z from 'zod';
import { adminApp } from './admin.ts';
import { ConfigError } from './config.ts';
import { createLogger } from './log.ts';
import { invalidFields, notFoundHandler, ProblemError, problemHandler } from './problems.ts';
import { type HttpServer, listen } from './server.ts';

const lines: string[] = [];
const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
let server: HttpServer;

beforeAll(async () => {
  const app = express();
  app.post('/echo', express.json({ limit: 100 }), (request, response) => {
    const parsed = z.strictObject({ size: z.number() }).safeParse(request.body);
    if (!parsed.success) throw invalidFields(parsed.error, 'body');
    response.json(parsed.data);
  });
  app.get('/broken{/:token}', () => {
    throw new Error('secret detail');
  });
  app.get('/busy', () => {
    throw new ProblemError(429, 'too-many', 'Too many', { headers: { 'retry-after': '7' } });
  });
  app.use(notFoundHandler);
  app.use(problemHandler(log));
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

test('a body that is not JSON is a 400 problem', async () => {
  const response = await post('{"size":');
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(await response.json()).toMatchObject({
    type: 'https://spillway.dev/problems/invalid-json',
    status: 400,
  });
});

test('a body over the limit is a 413 problem', async () => {
  expect((await post(JSON.stringify({ size: 'x'.repeat(200) }))).status).toBe(413);
});

test.each(['gzip', 'deflate', 'br', 'zstd'])(
  'a body that is not %s is a 400 problem',
  async (encoding) => {
    const response = await post('{"size":1}', { 'content-encoding': encoding });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: 'https://spillway.dev/problems/invalid-encoding',
    });
  },
);

test('every wrong and every unknown field is named', async () => {
  const response = await post('{"size":"big","colour":"red"}');
  expect(response.status).toBe(422);
  const { errors } = (await response.json()) as { errors: { field: string }[] };
  expect(errors.map(({ field }) => field).sort()).toEqual(['colour', 'size']);
});

test('what we did not expect is a 500 without its details, which are in the log', async () => {
  const response = await fetch(`${server.url}/broken`);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret detail');
  expect(lines.join('')).toContain('secret detail');
});

test('a token in the path is not in the log', async () => {
  const token = 'toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K';
  await fetch(`${server.url}/broken/${token}`);
  expect(lines.join('')).toContain('/broken/***');
  expect(lines.join('')).not.toContain(token);
});

test('a problem carries its headers', async () => {
  const response = await fetch(`${server.url}/busy`);
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
});

test('an unknown route and an undecodable path are problems too', async () => {
  expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
  expect((await fetch(`${server.url}/%E0%A4%A`)).status).toBeLessThan(500);
});

test('a port in use is said in words', async () => {
  await expect(listen(express(), { host: '127.0.0.1', port: server.port })).rejects.toThrow(
    ConfigError,
  );
});

test('readiness names the part that does not answer', async () => {
  const registry = new Registry();
  const checks = {
    database: async () => {},
    broker: async () => Promise.reject(new Error('connection refused')),
  };
  const admin = await listen(adminApp({ registry, checks }), { host: '127.0.0.1', port: 0 });
  try {
    expect((await fetch(`${admin.url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${admin.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'unavailable',
      parts: { database: 'ok', broker: 'connection refused' },
    });
  } finally {
    await admin.close();
  }
});
