import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { SpillwayClient, UnreachableError } from './index.ts';

let server: Server;
afterEach(() => void server.close());

async function clientOf(listener: RequestListener): Promise<SpillwayClient> {
  server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return new SpillwayClient({ url: `http://127.0.0.1:${port}` });
}

test('an order is followed on when the line breaks', async () => {
  const statuses = ['queued', 'running', 'completed'];
  const client = await clientOf((request, response) => {
    if (!request.url?.endsWith('/events')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: 'ord_x', status: statuses.shift() }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {}\n\n', () => setImmediate(() => response.destroy()));
  });
  const seen: string[] = [];
  const onChange = ({ status }: { status: string }) => void seen.push(status);
  expect((await client.followOrder('ord_x', { onChange })).status).toBe('completed');
  expect(seen).toEqual(['queued', 'running', 'completed']);
});

test('an upload whose server is gone says so', async () => {
  const client = await clientOf((_request, response) => {
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'upl_x', url: 'http://127.0.0.1:1/v1/uploads/upl_x/t' }));
  });
  await expect(client.upload(new Blob(['x']))).rejects.toBeInstanceOf(UnreachableError);
});
