import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import { cutSilentBodies, cutSlowBodies } from './slow-bodies.ts';

let server: Server;
afterEach(() => void server.close());

/** A server that reads every body to its end, and a request whose body does not come to it. */
async function halfSent(handler: RequestHandler, method = 'PUT') {
  const app = express().use(handler, (incoming, response) => {
    incoming.resume().once('end', () => response.end('all of it'));
  });
  server = createServer({ requestTimeout: 0 }, app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-length': 10 };
  const sent = request({ port, host: '127.0.0.1', method, headers });
  sent.write('half');
  return sent;
}

test.each([
  ['silent', cutSilentBodies(50)],
  ['slow', cutSlowBodies(50)],
])('a body that is %s is cut', async (_what, handler) => {
  const sent = await halfSent(handler);
  const [error] = await once(sent, 'error');
  expect(error).toMatchObject({ code: 'ECONNRESET' });
});

test.each([
  ['silent', cutSilentBodies(2000)],
  ['slow', cutSlowBodies(2000)],
])('a body that is not %s comes to its end', async (_what, handler) => {
  const sent = await halfSent(handler);
  const answered = once(sent, 'response');
  sent.end('  half');
  const [response] = await answered;
  expect(response.statusCode).toBe(200);
  response.resume();
});

test('a connection whose request had no body is closed when it has been idle, as any other', async () => {
  const app = express().use(cutSilentBodies(), (_request, response) => {
    response.sendStatus(404);
  });
  server = createServer({ keepAliveTimeout: 50, keepAliveTimeoutBuffer: 1 }, app);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('HEAD / HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
});
