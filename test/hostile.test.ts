// What someone with a customer's key, or with none, may try: each is refused in our words, or bounded.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Problem } from '@spillway/contracts';
import { makeClip } from '@spillway/media/testing';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';

/** In the file beside the object store, where no request may get. */
const CANARY = 'a canary that nobody may read';
/** A quarter of these may listen to one order. */
const EVENT_STREAMS = 20;
/** Headers may take a minute, which is looked at every half a minute; bodies a minute. */
const MOST_PATIENCE_MS = 120_000;

let folder: string;
let spillway: SpillwayProcess;
let auth: Record<string, string>;
let adminKey: string;
/** A completed order, for attempts to get from its files to others. */
let orderId: string;
/** A customer's server that redirects to what its path says, or never answers. */
let outside: Server;
let outsideUrl: string;
/** What only this machine should reach. */
let inside: Server;
let insidePort: number;
const askedInside: string[] = [];
let allCut: Promise<unknown>;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function serveBoth(): Promise<void> {
  outside = createServer((request, response) => {
    const to = decodeURIComponent((request.url ?? '').slice(1));
    if (to !== 'silent') response.writeHead(302, { location: to }).end();
  }).listen(0, '127.0.0.1');
  inside = createServer((request, response) => {
    askedInside.push(request.url ?? '');
    response.end(CANARY);
  }).listen(0, '127.0.0.2');
  await Promise.all([once(outside, 'listening'), once(inside, 'listening')]);
  outsideUrl = `http://127.0.0.1:${portOf(outside)}`;
  insidePort = portOf(inside);
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${spillway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...auth, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function placed(body: unknown): Promise<string> {
  const response = await post('/v1/orders', body);
  if (response.status !== 202) throw new Error(await response.text());
  return ((await response.json()) as { id: string }).id;
}

/** The events end with the order. */
async function ended(id: string): Promise<{ status: string; error: { code: string } | null }> {
  await (await fetch(`${spillway.url}/v1/orders/${id}/events`, { headers: auth })).text();
  const response = await fetch(`${spillway.url}/v1/orders/${id}`, { headers: auth });
  return (await response.json()) as { status: string; error: { code: string } | null };
}

async function completedOrder(): Promise<string> {
  const clip = await makeClip({ seconds: 1, folder });
  const made = await post('/v1/uploads', {});
  const { id: uploadId, url } = (await made.json()) as { id: string; url: string };
  await fetch(url, { method: 'PUT', body: await readFile(clip) });
  const id = await placed({ source: { uploadId } });
  expect(await ended(id)).toMatchObject({ status: 'completed' });
  return id;
}

/** Sends the path as it is; `fetch` would make it a harmless one first. */
async function rawGet(path: string): Promise<{ status: number; body: string }> {
  const request = httpRequest(spillway.url, { path, headers: auth }).end();
  const [response] = await once(request, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, body };
}

/** A connection that sends a byte a second of a request that never ends. */
async function trickle(beginning: string): Promise<Socket> {
  const { port } = new URL(spillway.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.write(beginning);
  const timer = setInterval(() => socket.write('x'), 1000);
  socket.once('close', () => clearInterval(timer));
  return socket;
}

/** Resolves when the server has cut them all. */
async function trickleMany(): Promise<unknown> {
  const headers = 'POST /v1/orders HTTP/1.1\r\nhost: a\r\nx-slow: ';
  const body = `POST /v1/orders HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nauthorization: ${auth.authorization}\r\ncontent-length: 100000\r\n\r\n{`;
  const sockets = await Promise.all(
    [headers, body].flatMap((text) => Array(100).fill(text).map(trickle)),
  );
  return Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-hostile-'));
  const data = join(folder, 'data');
  await serveBoth();
  spillway = await startSpillway(data, {
    SPILLWAY_HOST: '0.0.0.0',
    SPILLWAY_EGRESS_ALLOW: '127.0.0.1',
    SPILLWAY_EVENT_STREAMS: String(EVENT_STREAMS),
  });
  await writeFile(join(data, 'canary.mp4'), CANARY);
  adminKey = (await readFile(join(data, 'admin-key'), 'utf8')).trim();
  auth = { authorization: `Bearer ${adminKey}` };
  const created = await post('/v1/keys', { customerId: 'mallory' });
  auth = { authorization: `Bearer ${((await created.json()) as { key: string }).key}` };
  allCut = trickleMany();
  orderId = await completedOrder();
});

afterAll(async () => {
  await spillway?.stop();
  for (const server of [outside, inside]) server?.closeAllConnections();
  outside?.close();
  inside?.close();
  await rm(folder, { recursive: true, force: true });
});

const expectProblem = async (response: Response, statuses: readonly number[]): Promise<Problem> => {
  expect(statuses).toContain(response.status);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return (await response.json()) as Problem;
};

test.each([
  ...['http://10.0.0.1/', 'http://172.16.0.1/', 'http://192.168.1.1/', 'http://100.64.0.1/'],
  ...['http://127.0.0.2/', 'http://0/', 'http://0.0.0.0/', 'http://10.1/', 'http://2130706434/'],
  ...['http://167772161/', 'http://012.0.0.1/', 'http://0x0a000001/', 'http://0xa.0.0.1/'],
  ...['http://[::1]/', 'http://[::]/', 'http://[fd00::1]/', 'http://[fe80::1]/'],
  ...['http://[::ffff:10.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[::7f00:1]/'],
  ...['http://[64:ff9b::a00:1]/', 'http://[2002:a00:1::]/', 'http://１０.０.０.１/'],
  ...['http://10。0。0。1/', 'http://169.254.169.254/latest/meta-data/', 'http://a:b@10.0.0.1/'],
  ...['http://metadata.google.internal/', 'http://[fd00:ec2::254]/', 'http://168.63.129.16/'],
  ...['file:///etc/passwd', 'file://10.0.0.1/x', 'gopher://10.0.0.1/', 'data:video/mp4,x'],
  ...['concat:/etc/passwd', 'subfile,,start,0,end,9,,:/etc/passwd', 's3://somebody/else.mp4'],
])('%s is refused as a source, captions, a webhook and an endpoint', async (url) => {
  const fine = { url: `${outsideUrl}/silent` };
  const bodies: readonly [path: string, field: string, body: object][] = [
    ['/v1/orders', 'source.url', { source: { url } }],
    [
      ...(['/v1/orders', 'outputs.captions'] as const),
      { source: fine, outputs: { captions: [{ url, language: 'en' }] } },
    ],
    ['/v1/orders', 'webhook.url', { source: fine, webhook: { url } }],
    ['/v1/webhook-endpoints', 'url', { url }],
  ];
  for (const [path, field, body] of bodies) {
    const { errors } = await expectProblem(await post(path, body), [422]);
    expect(errors?.[0]?.field).toContain(field);
  }
});

test('redirects to private addresses are not followed, and nothing there is asked', async () => {
  const targets = [`127.0.0.2:${insidePort}`, `2130706434:${insidePort}`, '[::1]', '10.0.0.1'];
  const redirects = targets.map((to) => `${outsideUrl}/${encodeURIComponent(`http://${to}/`)}`);
  const toFile = `${outsideUrl}/${encodeURIComponent('file:///etc/passwd')}`;
  for (const url of [...redirects, toFile]) {
    const order = await ended(await placed({ source: { url } }));
    expect(order).toMatchObject({ status: 'failed', error: { code: 'source_not_allowed' } });
  }
  const [url] = redirects;
  const endpoint = await post('/v1/webhook-endpoints', { url });
  const { id } = (await endpoint.json()) as { id: string };
  const delivery = await post(`/v1/webhook-endpoints/${id}/test`, {});
  expect(await delivery.json()).toMatchObject({ status: 'failed', attempts: [{ status: 302 }] });
  expect(askedInside).toEqual([]);
});

test('no path leads out of an order, an upload or the page', async () => {
  const ups = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..%252f', '....//', '%00../'];
  const starts = [
    ...[`/v1/orders/${orderId}/playback/`, `/v1/orders/${orderId}/playback/720p/`],
    ...[`/v1/orders/${orderId}/prepare-0-att_01JD3Q5ZK7R8M2N4P6S8T0V1W2/`, '/play/assets/'],
    ...['/v1/orders/', '/v1/uploads/', '/play/', '/v1/orders/%/', '//', '/'],
  ];
  for (const start of starts) {
    for (const up of ups) {
      for (const deep of [1, 2, 3, 4, 5]) {
        const { status, body } = await rawGet(`${start}${up.repeat(deep)}canary.mp4`);
        expect([400, 403, 404, 405]).toContain(status);
        expect(body).not.toContain(CANARY);
      }
    }
  }
});

test.each([
  ['a preset', { outputs: { preset: '../../package' } }],
  ['an upload', { source: { uploadId: '../../canary.mp4' } }],
  ['a destination', { outputs: { destination: 's3://acme-media/out/../../other/' } }],
  ['a bucket of others', { outputs: { destination: 's3://somebody/out/' } }],
  ['a label of two lines', { captions: 'English"\r\n#EXT-X-MEDIA:URI="http://x/"' }],
])('%s that leads elsewhere is refused', async (_name, { captions, ...wrong }: Hostile) => {
  const source = { url: `${outsideUrl}/silent` };
  const asked = { url: source.url, language: 'en', label: captions };
  const labelled = captions && { outputs: { captions: [asked] } };
  await expectProblem(await post('/v1/orders', { source, ...wrong, ...labelled }), [422]);
});

interface Hostile {
  readonly source?: object;
  readonly outputs?: object;
  readonly captions?: string;
}

const gzipped = { 'content-encoding': 'gzip' };

test.each([
  ['100,000 arrays in each other', '['.repeat(100_000) + ']'.repeat(100_000), [400, 422]],
  ['deep metadata', `{"metadata":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`, [400, 422]],
  ['2 MB', JSON.stringify({ metadata: { a: 'x'.repeat(2_000_000) } }), [413]],
  ['a prototype', '{"__proto__":{"isAdmin":true},"source":{"url":"https://a.example/"}}', [422]],
  ['a prototype in the source', '{"source":{"__proto__":{"url":"https://a.example/"}}}', [422]],
  ['a constructor', '{"constructor":{"prototype":{"x":1}},"source":{"url":"https://a/"}}', [422]],
  ['a number beyond all', '{"source":{"url":1e999}}', [422]],
  ['no UTF-8', '{"source":{"url":"https://a.example/\\ud800"}}', [422]],
  ['a zero character', '{"source":{"url":"https://a.example/\\u0000"}}', [422]],
])('a body of %s is refused', async (_name, body, statuses) => {
  await expectProblem(await post('/v1/orders', body), statuses);
});

test('a small body that unpacks to 100 MB is refused', async () => {
  const response = await fetch(`${spillway.url}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...auth, ...gzipped },
    body: gzipSync(Buffer.alloc(100_000_000, 0x20)),
  });
  await expectProblem(response, [413]);
});

test('one order has no more listeners than it may', async () => {
  const id = await placed({ source: { url: `${outsideUrl}/silent` } });
  const asking = Array.from({ length: EVENT_STREAMS }, () =>
    fetch(`${spillway.url}/v1/orders/${id}/events`, { headers: auth }),
  );
  const answers = await Promise.all(asking);
  const refused = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(EVENT_STREAMS / 4);
  expect(refused).toHaveLength((EVENT_STREAMS * 3) / 4);
  expect(refused.every(({ headers }) => headers.has('retry-after'))).toBe(true);
  await post(`/v1/orders/${id}/cancel`, {});
  for (const { body } of answers) await body?.cancel();
});

test('names cannot break a header or a line of the log', async () => {
  const forged = '\r\nset-cookie: mallory=1\r\n\n{"level":"fatal","msg":"forged"}\n';
  await post('/v1/uploads', { filename: forged });
  await post('/v1/webhook-endpoints', { url: 'https://a.example/', description: forged });
  await post('/v1/orders', { source: { url: `${outsideUrl}/silent` }, metadata: { forged } });
  await post('/v1/orders', { source: { url: `https://a.example/${forged}` } });
  await rawGet(`/v1/orders/${encodeURIComponent(forged)}`);
  await rawGet(`/v1/uploads/${encodeURIComponent(forged)}/${encodeURIComponent(forged)}`);
  const evil = { 'idempotency-key': 'a\tb', 'x-request-id': 'a "b" {', traceparent: 'nonsense' };
  const answer = await post('/v1/orders', { source: { url: `${outsideUrl}/silent` } }, evil);
  await expectProblem(answer, [422]);
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]+$/);
  expect(answer.headers.has('set-cookie')).toBe(false);
  const log = await readFile(join(folder, 'data', 'spillway.log'), 'utf8');
  const lines = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg?: string });
  expect(lines.filter(({ msg }) => msg === 'forged')).toEqual([]);
  expect(log).not.toContain(adminKey);
  expect(log).not.toContain(auth.authorization?.slice('Bearer '.length));
});

test(
  'requests that trickle since the beginning held none of these up, and are cut',
  async () => {
    await allCut;
  },
  MOST_PATIENCE_MS,
);

test('after all of it, the process is as ready as it was', async () => {
  expect((await fetch(`${spillway.url}/readyz`)).status).toBe(200);
  expect((await rawGet(`/v1/orders/${orderId}/playback/master.m3u8`)).status).toBe(200);
});
