// What a customer gets for input that cannot be encoded: one typed sentence, never a crash.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeClip } from '@spillway/media/testing';
import { acceptedOrder, getOrder, orderEnd, postOrder, problemOf } from './support/orders.ts';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';

let folder: string;
let spillway: SpillwayProcess;
let clip: string;
let web: Server;
let webUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-bad-'));
  clip = await makeClip({ seconds: 8, folder });
  spillway = await startSpillway(join(folder, 'data'));
  web = createServer((request, response) => {
    if (request.url === '/to-metadata') {
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await spillway?.stop();
  web?.close();
  await rm(folder, { recursive: true, force: true });
});

async function made(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return pathToFileURL(path).href;
}

async function endOf(url: string, outputs = {}) {
  const { id } = await acceptedOrder(spillway.url, { source: { url }, outputs });
  return orderEnd(spillway.url, id);
}

test.each([
  ['a text file', 'source_not_media', () => made('a.mp4', 'Dear diary, this is no video.\n')],
  ['an empty file', 'source_empty', () => made('empty.mp4', '')],
  [
    'an MP4 without its moov',
    'source_truncated',
    async () => {
      const whole = await readFile(clip);
      return made('no-moov.mp4', whole.subarray(0, whole.lastIndexOf('moov') - 4));
    },
  ],
  [
    'a playlist that names a local file',
    'source_not_allowed',
    () => made('list.m3u8', '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n'),
  ],
  [
    'a concat script',
    'source_not_allowed',
    () => made('list.mp4', "ffconcat version 1.0\nfile '/etc/passwd'\n"),
  ],
  [
    'an address that redirects to a private one',
    'source_not_allowed',
    async () => `${webUrl}/to-metadata`,
  ],
  ['an address with nothing there', 'source_not_found', async () => `${webUrl}/gone.mp4`],
])('%s ends as %s at the first try', async (_name, code, source) => {
  const order = await endOf(await source());
  expect(order).toMatchObject({ status: 'failed', error: { code, retryable: false } });
  expect(order.error?.message).toMatch(/^[A-Z].*\.$/s);
});

test('media data that ends early is refused, or completed with a warning where that was asked for', async () => {
  const fast = await makeClip({
    seconds: 8,
    name: 'fast.mp4',
    folder,
    output: ['-movflags', '+faststart'],
  });
  const whole = await readFile(fast);
  const cut = await made('cut.mp4', whole.subarray(0, Math.floor(whole.length * 0.6)));
  expect(await endOf(cut)).toMatchObject({ status: 'failed', error: { code: 'source_truncated' } });
  const partial = await endOf(cut, { allowPartial: true });
  expect(partial.status).toBe('completed');
  expect(partial.warnings[0]).toContain('before its header says');
});

test.each([
  ['not JSON', '{', 400],
  ['a wrong type', { source: 7 }, 422],
  ['an unknown field', { source: { url: 'https://a.example/x' }, colour: 'red' }, 422],
  ['10 MB', JSON.stringify({ source: { url: 'x'.repeat(10_000_000) } }), 413],
  ['a private address', { source: { url: 'http://10.0.0.1/x.mp4' } }, 422],
  ['a metadata address', { source: { url: 'http://169.254.169.254/x' } }, 422],
  ['a file that is not there', { source: { url: 'file:///no/such/file.mp4' } }, 422],
  ['another protocol', { source: { url: 'ftp://a.example/x.mp4' } }, 422],
])('a body with %s is answered by a problem', async (_name, body, status) => {
  const response = await postOrder(spillway.url, body);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = await problemOf(response);
  if (status === 422) expect(problem.errors?.[0]?.field).toMatch(/^(source|colour)/);
});

test('an Idempotency-Key makes one order of two posts, and refuses another body', async () => {
  const body = { source: { url: pathToFileURL(clip).href } };
  const key = { 'idempotency-key': 'key-1' };
  const [first, second] = [
    await postOrder(spillway.url, body, key),
    await postOrder(spillway.url, body, key),
  ];
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(first.headers.get('location')).toBe(second.headers.get('location'));
  const other = await postOrder(spillway.url, { ...body, priority: 'high' }, key);
  expect(other.status).toBe(422);
});

test('an order that does not exist is a 404 problem', async () => {
  const missing = await getOrder(spillway.url, 'ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2');
  expect(missing).toMatchObject({ status: 404 });
});
