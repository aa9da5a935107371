import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { attemptPrefix, newAttemptId, type Order, type Problem } from '@spillway/contracts';
import { ask, startTestApi, type TestApi } from './testing/api.ts';
import { failed, progressed, succeeded } from './testing/orders.ts';

let api: TestApi;
let clip: string;
let order: Order;
let playback: string;

const segment = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));

async function place(): Promise<Order> {
  return (await ask(`${api.url}/v1/orders`, { body: { source: { url: clip } } })).body;
}

/** An order whose only attempt made these files. */
async function completed(files: Record<string, Buffer>): Promise<Order> {
  const placed = await place();
  const { job } = await api.job(placed.id, 'prepare');
  const attemptId = newAttemptId();
  const prefix = attemptPrefix(placed.id, 'prepare', 0, attemptId);
  for (const [name, bytes] of Object.entries(files)) await api.storage.put(prefix + name, bytes);
  await api.tell(succeeded(job, { attemptId }));
  await (await fetch(`${api.url}/v1/orders/${placed.id}/events`)).text();
  return (await ask(`${api.url}/v1/orders/${placed.id}`)).body;
}

beforeAll(async () => {
  api = await startTestApi();
  const file = path.join(api.folder, 'clip.mp4');
  await writeFile(file, 'not looked at');
  clip = pathToFileURL(file).href;
  order = await completed({
    'master.m3u8': Buffer.from('#EXTM3U\n'),
    'manifest.mpd': Buffer.from('<MPD/>'),
    'poster.jpg': Buffer.from('jpeg'),
    'qc.json': Buffer.from('{}'),
    '240p/init.mp4': Buffer.from('init'),
    '240p/00001.m4s': segment,
  });
  playback = `${api.url}/v1/orders/${order.id}/playback`;
});
afterAll(() => api.close());

describe('a playback file', () => {
  test.each([
    ['master.m3u8', 'application/vnd.apple.mpegurl', /no-cache/],
    ['manifest.mpd', 'application/dash+xml', /no-cache/],
    ['qc.json', 'application/json; charset=utf-8', /no-cache/],
    ['poster.jpg', 'image/jpeg', /immutable/],
    ['240p/init.mp4', 'video/mp4', /immutable/],
    ['240p/00001.m4s', 'video/iso.segment', /immutable/],
  ])('%s is %s', async (name, type, caching) => {
    const response = await fetch(`${playback}/${name}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('cache-control')).toMatch(caching);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect((await response.arrayBuffer()).byteLength).toBe(
      Number(response.headers.get('content-length')),
    );
  });

  test('is where the order says', async () => {
    const { hlsUrl, dashUrl, posterUrl } = order.playback ?? {};
    expect(await (await fetch(hlsUrl ?? '')).text()).toBe('#EXTM3U\n');
    expect(await (await fetch(dashUrl ?? '')).text()).toBe('<MPD/>');
    expect(await (await fetch(posterUrl ?? '')).text()).toBe('jpeg');
  });

  test('is sent compressed when it is a long text; parts of it and media never are', async () => {
    const text = '<S t="1" d="2"/>\n'.repeat(20_000);
    const long = await completed({
      'manifest.mpd': Buffer.from(text),
      '240p/00001.m4s': Buffer.from(text),
    });
    const get = (name: string, headers: Record<string, string> = {}) =>
      fetch(`${api.url}/v1/orders/${long.id}/playback/${name}`, {
        headers: { 'accept-encoding': 'gzip', ...headers },
      });
    const manifest = await get('manifest.mpd');
    expect(manifest.headers.get('content-encoding')).toBe('gzip');
    expect(manifest.headers.get('vary')).toMatch(/accept-encoding/i);
    expect(await manifest.text()).toBe(text);
    const etag = manifest.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\//);
    expect((await get('manifest.mpd', { 'if-none-match': etag })).status).toBe(304);
    const range = { range: 'bytes=0-1999' };
    const part = await get('manifest.mpd', range);
    expect([part.status, part.headers.get('content-encoding')]).toEqual([206, null]);
    expect(await part.text()).toBe(text.slice(0, 2000));
    // A part of bytes that may have been compressed ones is no part of these.
    expect((await get('manifest.mpd', { ...range, 'if-range': etag })).status).toBe(200);
    const media = await get('240p/00001.m4s');
    expect(media.headers.get('content-encoding')).toBeNull();
    expect(media.headers.get('content-length')).toBe(String(text.length));
    expect(await media.text()).toBe(text);
  });

  const url = () => `${playback}/240p/00001.m4s`;
  const part = async (range: string, headers: Record<string, string> = {}) => {
    const response = await fetch(url(), { headers: { range, ...headers } });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, range: response.headers.get('content-range'), bytes };
  };

  test.each([
    ['bytes=0-9', 'bytes 0-9/1000', segment.subarray(0, 10)],
    ['bytes=990-', 'bytes 990-999/1000', segment.subarray(990)],
    ['bytes=-5', 'bytes 995-999/1000', segment.subarray(995)],
    ['bytes=900-5000', 'bytes 900-999/1000', segment.subarray(900)],
    ['bytes=0-4,5-9', 'bytes 0-9/1000', segment.subarray(0, 10)],
  ])('gives %s', async (range, contentRange, bytes) => {
    expect(await part(range)).toEqual({ status: 206, range: contentRange, bytes });
  });

  test.each(['bytes=0-1,500-501', 'lines=0-1', 'nonsense'])(
    'is given whole for %s, which it need not understand',
    async (range) => {
      expect(await part(range)).toEqual({ status: 200, range: null, bytes: segment });
    },
  );

  test('has no bytes after its end', async () => {
    const { status, range } = await part('bytes=1000-');
    expect({ status, range }).toEqual({ status: 416, range: 'bytes */1000' });
  });

  test('is refused, and no cache keeps the refusal as it would the file', async () => {
    const { headers } = await fetch(url(), { headers: { range: 'bytes=1000-' } });
    expect(['cache-control', 'etag'].map((name) => headers.get(name))).toEqual([null, null]);
  });

  test('goes on by range only while it is the same file', async () => {
    const head = await fetch(url(), { method: 'HEAD' });
    const etag = head.headers.get('etag') ?? '';
    const date = head.headers.get('last-modified') ?? '';
    expect((await part('bytes=0-9', { 'if-range': etag })).status).toBe(206);
    expect((await part('bytes=0-9', { 'if-range': date })).status).toBe(206);
    expect((await part('bytes=0-9', { 'if-range': '"another"' })).status).toBe(200);
    const old = new Date(0).toUTCString();
    expect((await part('bytes=0-9', { 'if-range': old })).status).toBe(200);
  });

  test('is not sent again to who has it', async () => {
    const etag = (await fetch(url())).headers.get('etag') ?? '';
    for (const has of [etag, `W/${etag}, "another"`, '*']) {
      const again = await fetch(url(), { headers: { 'if-none-match': has } });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe('');
    }
    const other = await fetch(url(), { headers: { 'if-none-match': '"another"' } });
    expect(other.status).toBe(200);
    await other.body?.cancel();
  });

  test('answers HEAD with its length and nothing else', async () => {
    const head = await fetch(url(), { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('1000');
    expect(await head.text()).toBe('');
  });

  test('tells browsers of other pages that they may ask', async () => {
    const options = await fetch(url(), { method: 'OPTIONS' });
    expect(options.status).toBe(204);
    expect(options.headers.get('access-control-allow-origin')).toBe('*');
    expect(options.headers.get('access-control-allow-headers')).toMatch(/Range/);
  });

  test.each([
    '..%2f..%2f..%2flock',
    '%2e%2e/%2e%2e/source',
    '240p%2f00001.m4s',
    '240p//00001.m4s',
    'a%00b',
    '.',
    'missing.m4s',
    '240p',
  ])('is not there by the name %s', async (name) => {
    const response = await fetch(`${playback}/${name}`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/problem/);
  });

  test('is not there before the order has a stream', async () => {
    const { id } = await place();
    const { status, body } = await ask<{ type: string }>(
      `${api.url}/v1/orders/${id}/playback/master.m3u8`,
    );
    expect(status).toBe(404);
    expect(body.type).toMatch(/not-ready$/);
  });
});

describe('events', () => {
  interface Told {
    id: string;
    type: string;
    data: { sequence: number; order: Order };
  }

  /** What is told until the server ends, or until `enough` says so. */
  async function listen(
    id: string,
    {
      after = '',
      enough = () => false,
    }: { after?: string; enough?: (told: Told[]) => boolean } = {},
  ): Promise<Told[]> {
    const leave = new AbortController();
    const headers: Record<string, string> = after ? { 'last-event-id': after } : {};
    const response = await fetch(`${api.url}/v1/orders/${id}/events`, {
      headers,
      signal: leave.signal,
    });
    if (response.status !== 200) throw new Error(`${response.status}`);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    let text = '';
    const told = (): Told[] =>
      [...text.matchAll(/id: (.*)\nevent: (.*)\ndata: (.*)\n\n/g)].map(
        ([, eventId = '', type = '', data = '']) => ({ id: eventId, type, data: JSON.parse(data) }),
      );
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part;
      if (!enough(told())) continue;
      leave.abort();
      break;
    }
    return told();
  }

  test('tell what was, then what comes, and end with the order', async () => {
    const { id } = await place();
    const { job } = await api.job(id, 'prepare');
    const attemptId = newAttemptId();
    const listening = listen(id);
    await listen(id, { enough: (told) => told.length === 1 });
    await api.tell(progressed(job, 0.25, attemptId));
    await listen(id, { enough: (told) => told.length === 2 });
    await api.tell(succeeded(job, { attemptId }));
    const told = await listening;
    expect(told.map(({ id: eventId, type }) => [eventId, type])).toEqual([
      ['1', 'order.queued'],
      ['2', 'order.running'],
      ['3', 'order.completed'],
    ]);
    expect(told[1]?.data.order).toMatchObject({ status: 'running', progress: 0.25 });
  });

  test('go on after the last one that was heard', async () => {
    expect((await listen(order.id, { after: '1' })).map(({ id }) => id)).toEqual(['2']);
  });

  test('have nothing more to tell after the last one', async () => {
    const response = await fetch(`${api.url}/v1/orders/${order.id}/events`, {
      headers: { 'last-event-id': '2' },
    });
    expect(response.status).toBe(204);
  });

  test('refuse an id that is not one of theirs', async () => {
    const headers = { 'last-event-id': 'evt_x' };
    expect((await ask(`${api.url}/v1/orders/${order.id}/events`, { headers })).status).toBe(422);
  });

  test('reach a listener although another process made the change', async () => {
    const { id } = await place();
    await api.job(id, 'prepare');
    const listening = listen(id);
    await listen(id, { enough: (told) => told.length === 1 });
    await api.database.query(
      `WITH ended AS (
         UPDATE orders SET status = 'canceled', ended_at = now(), sequence = 2, version = 2
         WHERE id = $1 RETURNING id
       ) INSERT INTO events SELECT id, 2, 'order.canceled', now(), '{}' FROM ended`,
      [id],
    );
    expect((await listening).at(-1)?.type).toBe('order.canceled');
  });

  test('end when the order is deleted', async () => {
    const { id } = await place();
    const { job } = await api.job(id, 'prepare');
    await api.tell(failed(job));
    expect((await listen(id)).at(-1)?.type).toBe('order.failed');
    await ask(`${api.url}/v1/orders/${id}`, { method: 'DELETE' });
    await expect(listen(id)).rejects.toThrow('404');
  });

  test('are many listeners’ at once, and cut with the server', async () => {
    const { id } = await place();
    const listeners = Array.from({ length: 50 }, () => listen(id).catch(() => 'cut'));
    await listen(id, { enough: (told) => told.length === 1 });
    await api.restart();
    expect(await Promise.all(listeners)).toHaveLength(50);
  });
});

describe('the player page', () => {
  test('loads nothing from elsewhere', async () => {
    const response = await fetch(`${api.url}/play/${order.id}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    const html = await response.text();
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    const own = links.filter((link) => link !== 'data:,');
    expect(own.length).toBeGreaterThanOrEqual(3);
    for (const link of [...own, '/play/assets/hls.worker.js']) {
      expect(link).toMatch(/^\/play\/assets\//);
      const asset = await fetch(api.url + link);
      expect(asset.status).toBe(200);
      expect(asset.headers.get('content-type')).toMatch(/javascript|css/);
    }
    expect(html).not.toMatch(/<script>|style=/);
  });
});

test('a stream whose files are kept no longer answers 410, and its order has no playback', async () => {
  const gone = await completed({ 'master.m3u8': Buffer.from('#EXTM3U\n') });
  expect(gone.playback).not.toBeNull();
  await api.database.query('UPDATE orders SET expired_at = now() WHERE id = $1', [gone.id]);
  const answer = await ask<Problem>(`${api.url}/v1/orders/${gone.id}/playback/master.m3u8`);
  expect(answer.status).toBe(410);
  expect(answer.body.type).toMatch(/\/output-expired$/);
  const { body } = await ask(`${api.url}/v1/orders/${gone.id}`);
  expect(body).toMatchObject({ status: 'completed', playback: null });
});
