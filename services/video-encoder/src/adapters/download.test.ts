import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createEgress, type Egress } from '@spillway/runtime';
import { downloader } from './download.ts';

const CONTENT = randomBytes(1_000_000);
const ETAG = '"v1"';

let server: Server;
let respond: RequestListener;
let url: string;
let egress: Egress;
/** The Range header of each request. */
let ranges: (string | undefined)[];

beforeEach(async () => {
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mp4`;
  egress = createEgress({ allow: ['127.0.0.1'] });
});
afterEach(async () => {
  await egress.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface FetchOptions {
  signal?: AbortSignal;
  maxBytes?: number;
  allowedBytes?: number;
  timeoutSeconds?: number;
  onBytes?: (received: number, total: number | null) => void;
}

const fetchAll = async ({
  signal = new AbortController().signal,
  maxBytes = 10_000_000,
  allowedBytes,
  timeoutSeconds = 60,
  onBytes = () => {},
}: FetchOptions = {}): Promise<Buffer> =>
  await buffer(
    downloader(egress, { maxBytes, timeoutSeconds })(url, {
      signal,
      onBytes,
      maxBytes: allowedBytes,
    }),
  );

/** Answers ranges as a good server does, and breaks off each answer after so many bytes. */
const breaking =
  (bytesEach: number, etag = () => ETAG): RequestListener =>
  (request, response) => {
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const whole = start === 0 || request.headers['if-range'] !== etag();
    const rest = whole ? CONTENT : CONTENT.subarray(start);
    response.writeHead(whole ? 200 : 206, {
      etag: etag(),
      'content-length': rest.length,
      ...(!whole && {
        'content-range': `bytes ${start}-${CONTENT.length - 1}/${CONTENT.length}`,
      }),
    });
    if (rest.length <= bytesEach) return void response.end(rest);
    response.write(rest.subarray(0, bytesEach), () => response.destroy());
  };

test('gives the bytes, and tells how many are here', async () => {
  respond = breaking(CONTENT.length);
  const told: [number, number | null][] = [];
  const bytes = await fetchAll({ onBytes: (...now) => told.push(now) });
  expect(bytes.equals(CONTENT)).toBe(true);
  expect(told.at(-1)).toEqual([CONTENT.length, CONTENT.length]);
});

test('a transfer that breaks again and again goes on where it was', async () => {
  respond = breaking(400_000);
  expect((await fetchAll()).equals(CONTENT)).toBe(true);
  expect(ranges).toEqual([undefined, 'bytes=400000-', 'bytes=800000-']);
});

test('a source that changed between the parts is not joined', async () => {
  respond = breaking(400_000, () => `"v${ranges.length}"`);
  await expect(fetchAll()).rejects.toMatchObject({ code: 'source_changed' });
});

test('a broken transfer without a validator is not joined but begun anew by a later attempt', async () => {
  respond = (_request, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, 100_000), () => response.destroy());
  };
  await expect(fetchAll()).rejects.toMatchObject({ code: 'source_unreachable' });
  expect(ranges).toHaveLength(1);
});

test('follows a redirect, but not to a private address', async () => {
  const answer = breaking(CONTENT.length);
  respond = (request, response) => {
    if (request.url !== '/film.mp4') return answer(request, response);
    response.writeHead(302, { location: '/elsewhere' }).end();
  };
  expect((await fetchAll()).length).toBe(CONTENT.length);
  respond = (_request, response) => {
    response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
  };
  await expect(fetchAll()).rejects.toMatchObject({ code: 'source_not_allowed' });
  respond = (_request, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end();
  };
  await expect(fetchAll()).rejects.toMatchObject({ code: 'source_not_allowed' });
});

test('an address of this machine is refused unless it is allowed', async () => {
  await egress.close();
  egress = createEgress({ allow: [] });
  respond = breaking(CONTENT.length);
  await expect(fetchAll()).rejects.toMatchObject({ code: 'source_not_allowed' });
  expect(ranges).toEqual([]);
});

test.each([
  [404, 'source_not_found'],
  [503, 'source_unreachable'],
])('an answer of %i is %s', async (status, code) => {
  respond = (_request, response) => void response.writeHead(status).end('no');
  await expect(fetchAll()).rejects.toMatchObject({ code });
});

test('nobody listening is source_unreachable', async () => {
  await new Promise((resolve) => server.close(resolve));
  await expect(fetchAll()).rejects.toMatchObject({ code: 'source_unreachable' });
});

test.each([
  ['the worker', { maxBytes: 500_000 }],
  ['its customer', { allowedBytes: 500_000 }],
])(
  'a source above the limit of %s is refused by its header, or as soon as it is too much',
  async (_, limits) => {
    respond = breaking(CONTENT.length);
    const refused = { code: 'source_too_large', message: expect.stringContaining('500000 bytes') };
    await expect(fetchAll(limits)).rejects.toMatchObject(refused);
    respond = (_request, response) => {
      response.writeHead(200);
      response.end(CONTENT);
    };
    await expect(fetchAll(limits)).rejects.toMatchObject(refused);
  },
);

test('a transfer that takes too long is source_unreachable', async () => {
  respond = (_request, response) => {
    response.writeHead(200, { etag: ETAG }).write('first bytes');
  };
  await expect(fetchAll({ timeoutSeconds: 0.2 })).rejects.toMatchObject({
    code: 'source_unreachable',
  });
});

test('an abort ends the transfer with its reason', async () => {
  const abort = new AbortController();
  const reason = new Error('canceled');
  respond = (_request, response) => {
    response.writeHead(200, { etag: ETAG }).write('first bytes');
  };
  const fetching = fetchAll({ signal: abort.signal, onBytes: () => abort.abort(reason) });
  await expect(fetching).rejects.toBe(reason);
});
