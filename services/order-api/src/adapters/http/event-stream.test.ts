import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { createLogger, type HttpServer, listen, problemHandler } from '@spillway/runtime';
import express from 'express';
import { eventStreams } from './event-stream.ts';

let server: HttpServer;
afterEach(() => server.close());

test('a listener that has gone before anything was sent takes no place', async () => {
  const send = eventStreams(1);
  const gone = Promise.withResolvers<void>();
  const one = async function* () {
    yield 'data: {}\n\n';
  };
  const app = express()
    .get('/events', (_request, response) => send('ord_1', response, one))
    .get('/gone', async (_request, response) => {
      leaves.abort();
      await once(response, 'close');
      gone.resolve();
      await send('ord_1', response, one);
    })
    .use(problemHandler(createLogger('test', 'silent')));
  server = await listen(app, { host: '127.0.0.1', port: 0 });
  const leaves = new AbortController();
  await expect(fetch(`${server.url}/gone`, { signal: leaves.signal })).rejects.toThrow();
  await gone.promise;
  expect((await fetch(`${server.url}/events`)).status).toBe(200);
});
