import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  attemptPrefix,
  newAttemptId,
  newOrderId,
  type Order,
  type PlaybackToken,
  type Problem,
  type ViewerOrder,
} from '@spillway/contracts';
import { playbackTokens } from './app/playback-tokens.ts';
import { ask, startTestApi, type TestApi, testConfig } from './testing/api.ts';
import { succeeded } from './testing/orders.ts';

const MEDIA = 'https://cdn.example.com/media/{token}';
const ATTEMPT = `encode-chunk-0-${newAttemptId()}`;
const tokens = playbackTokens(testConfig().secret);

const FILES = {
  'master.m3u8': '#EXTM3U\n240p/playlist.m3u8\n',
  '240p/playlist.m3u8': `#EXTM3U\n#EXT-X-MAP:URI="../../${ATTEMPT}/240p/init.mp4"\n#EXTINF:4,\n../../${ATTEMPT}/240p/00001.m4s\n`,
  'manifest.mpd': '<MPD>\n</MPD>\n',
  'poster.jpg': 'jpeg',
  'thumbnails.vtt': `WEBVTT\n\n00:00.000 --> 00:04.000\n../${ATTEMPT}/thumbnails.jpg#xywh=0,0,160,90\n`,
  'qc.json': '{}',
};

async function place(api: TestApi, body: object = {}): Promise<Order> {
  const file = path.join(api.folder, 'clip.mp4');
  await writeFile(file, 'not looked at');
  const source = { url: pathToFileURL(file).href };
  return (await ask(`${api.url}/v1/orders`, { body: { source, ...body } })).body;
}

/** An order that has completed, with a segment beside its playlists. */
async function completed(api: TestApi, access: 'public' | 'signed') {
  const placed = await place(api, { playback: access });
  const { job } = await api.job(placed.id, 'prepare');
  const attemptId = newAttemptId();
  const prefix = attemptPrefix(placed.id, 'prepare', 0, attemptId);
  for (const [name, text] of Object.entries(FILES)) {
    await api.storage.put(prefix + name, Buffer.from(text));
  }
  const segment = `orders/${placed.id}/${ATTEMPT}/240p/00001.m4s`;
  await api.storage.put(segment, Buffer.from('segment'));
  await api.tell(succeeded(job, { attemptId }));
  await (await fetch(`${api.url}/v1/orders/${placed.id}/events`)).text();
  const order = (await ask(`${api.url}/v1/orders/${placed.id}`)).body;
  return { order, prefix, base: `${api.url}/v1/orders/${order.id}` };
}

const problemAt = async (url: string) => {
  const { status, body } = await ask<Problem>(url);
  return [status, body.type.slice(body.type.lastIndexOf('/') + 1)];
};
const textAt = async (url: string | URL): Promise<string> => {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${response.status} ${url}`);
  return response.text();
};
const inAnHour = () => Math.ceil(Date.now() / 1000) + 3600;

describe('a signed order', () => {
  let api: TestApi;
  let order: Order;
  let base: string;
  beforeAll(async () => {
    api = await startTestApi();
    ({ order, base } = await completed(api, 'signed'));
  });
  afterAll(() => api.close());

  test('plays by the addresses that it shows, segments by those of its playlists', async () => {
    const { hlsUrl, posterUrl, playUrl } = order.playback ?? {};
    const master = new URL(hlsUrl ?? '');
    expect(await textAt(master)).toBe(FILES['master.m3u8']);
    const video = new URL('240p/playlist.m3u8', master);
    const [, segment = ''] = /\n(\S+m4s)/.exec(await textAt(video)) ?? [];
    const media = await fetch(new URL(segment, video));
    expect(await media.text()).toBe('segment');
    expect(media.headers.get('cache-control')).toMatch(/^private/);
    expect(media.headers.get('access-control-allow-origin')).toBe('*');
    expect(await textAt(posterUrl ?? '')).toBe('jpeg');
    const page = await fetch(playUrl ?? '');
    expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
  });

  test('tells of addresses with a token in its events, too', async () => {
    const [, data = ''] = /data: (.*)\n/.exec(await textAt(`${base}/events`)) ?? [];
    const { playback } = (JSON.parse(data) as { order: Order }).order;
    expect(await textAt(playback?.hlsUrl ?? '')).toBe(FILES['master.m3u8']);
  });

  test.each([
    'playback/master.m3u8',
    'playback/poster.jpg',
    'playback/events',
    `${ATTEMPT}/240p/00001.m4s`,
  ])('does not give %s without a token', async (file) => {
    expect(await problemAt(`${base}/${file}`)).toEqual([403, 'playback-not-allowed']);
    const other = tokens.create(newOrderId(), inAnHour());
    expect(await problemAt(`${base}/signed/${other}/${file}`)).toEqual([
      403,
      'playback-not-allowed',
    ]);
    const forEver = tokens.create(order.id, 0);
    expect(await problemAt(`${base}/signed/${forEver}/${file}`)).toEqual([
      403,
      'playback-not-allowed',
    ]);
    const old = tokens.create(order.id, Math.floor(Date.now() / 1000) - 1);
    expect(await problemAt(`${base}/signed/${old}/${file}`)).toEqual([403, 'playback-expired']);
  });

  test('has no page without a token', async () => {
    expect(await problemAt(`${api.url}/play/${order.id}`)).toEqual([403, 'playback-not-allowed']);
    const old = tokens.create(order.id, 1);
    expect(await problemAt(`${api.url}/play/${order.id}/${old}`)).toEqual([
      403,
      'playback-expired',
    ]);
  });

  test('gives a token for as long as one chooses', async () => {
    const url = `${base}/playback-tokens`;
    const { status, body } = await ask<PlaybackToken>(url, { body: { seconds: 3600 } });
    expect(status).toBe(201);
    const seconds = (Date.parse(body.expiresAt) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(3500);
    expect(seconds).toBeLessThanOrEqual(3601);
    expect(await textAt(body.playback?.hlsUrl ?? '')).toBe(FILES['master.m3u8']);
    expect(body.playback?.playUrl).toBe(`${api.url}/play/${order.id}/${body.token}`);
    for (const wrong of [0, 59, 604_801, '60', 1.5, undefined]) {
      expect((await ask(url, { body: { seconds: wrong } })).status).toBe(422);
    }
    const nobody = await ask(`${api.url}/v1/orders/${newOrderId()}/playback-tokens`, {
      body: { seconds: 60 },
    });
    expect(nobody.status).toBe(404);
  });

  test('shows a viewer how far it is, and no addresses that hold longer than theirs', async () => {
    const token = tokens.create(order.id, inAnHour());
    const told = await textAt(`${base}/signed/${token}/playback/events`);
    const [, data = ''] = /event: order\ndata: (.*)\n/.exec(told) ?? [];
    const viewed = JSON.parse(data) as ViewerOrder;
    expect(Object.keys(viewed)).toEqual(['id', 'status', 'stage', 'progress', 'playback']);
    expect(viewed).toMatchObject({ status: 'completed', progress: 1 });
    expect(viewed.playback?.hlsUrl).toBe(`${base}/signed/${token}/playback/master.m3u8`);
  });
});

describe('a public order', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ eventStreams: 8 });
  });
  afterAll(() => api.close());

  test('needs no tokens, and gives none', async () => {
    const { id } = await place(api);
    const { status } = await ask(`${api.url}/v1/orders/${id}/playback-tokens`, {
      body: { seconds: 60 },
    });
    expect(status).toBe(409);
  });

  test('tells viewers of its way until it ends', async () => {
    const { id } = await place(api);
    const { job } = await api.job(id, 'prepare');
    const response = await fetch(`${api.url}/v1/orders/${id}/playback/events`);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await api.tell(succeeded(job));
    const told = [...(await response.text()).matchAll(/data: (.*)\n/g)];
    const orders = told.map(([, data = '']) => JSON.parse(data) as ViewerOrder);
    expect(orders.map(({ status }) => status)).toEqual(['queued', 'completed']);
    const again = await fetch(`${api.url}/v1/orders/${id}/playback/events`, {
      headers: { 'last-event-id': '99' },
    });
    expect(again.status).toBe(204);
  });

  test('lets so many listen, to it and to all', async () => {
    const orders = [await place(api), await place(api), await place(api), await place(api)];
    const leave = new AbortController();
    const listen = ({ id }: Order) =>
      fetch(`${api.url}/v1/orders/${id}/playback/events`, { signal: leave.signal });
    for (const order of orders) {
      expect((await listen(order)).status).toBe(200);
      expect((await listen(order)).status).toBe(200);
    }
    const [first] = orders as [Order];
    const oneMore = await listen(first);
    expect([oneMore.status, oneMore.headers.get('retry-after')]).toEqual([503, '10']);
    const another = await place(api);
    expect(await problemAt(`${api.url}/v1/orders/${another.id}/events`)).toEqual([
      503,
      'too-many-listeners',
    ]);
    leave.abort();
    let status = 503;
    while (status === 503) {
      const response = await fetch(`${api.url}/v1/orders/${another.id}/events`);
      ({ status } = response);
      await response.body?.cancel();
    }
    expect(status).toBe(200);
  });
});

describe('with a CDN in front of the object store', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ mediaBaseUrl: MEDIA });
  });
  afterAll(() => api.close());

  test.each(['public', 'signed'] as const)('a %s order’s playlists lead there', async (access) => {
    const { order, prefix } = await completed(api, access);
    const master = new URL(order.playback?.hlsUrl ?? '');
    const token =
      access === 'signed' ? (master.pathname.split('/')[5] ?? '') : tokens.create(order.id, 0);
    const media = `https://cdn.example.com/media/${token}`;
    const chunk = `${media}/orders/${order.id}/${ATTEMPT}`;
    expect(await textAt(master)).toBe(FILES['master.m3u8']);
    expect(await textAt(new URL('240p/playlist.m3u8', master))).toBe(
      `#EXTM3U\n#EXT-X-MAP:URI="${chunk}/240p/init.mp4"\n#EXTINF:4,\n${chunk}/240p/00001.m4s\n`,
    );
    expect(await textAt(new URL('manifest.mpd', master))).toContain(
      `<BaseURL>${media}/${prefix}</BaseURL>`,
    );
    expect(await textAt(new URL('thumbnails.vtt', master))).toContain(
      `\n${chunk}/thumbnails.jpg#xywh=0,0,160,90\n`,
    );
    expect(await textAt(new URL('qc.json', master))).toBe('{}');
    const poster = await fetch(new URL('poster.jpg', master), { redirect: 'manual' });
    expect([poster.status, poster.headers.get('location')]).toEqual([
      302,
      `${media}/${prefix}poster.jpg`,
    ]);
    const segment = new URL(`../${ATTEMPT}/240p/00001.m4s`, master);
    expect(await problemAt(segment.href)).toEqual([404, 'media-elsewhere']);
    const page = await fetch(order.playback?.playUrl ?? '');
    expect(page.headers.get('content-security-policy')).toContain(
      "connect-src 'self' https://cdn.example.com;",
    );
  });

  test('a playlist is not sent again to who has it', async () => {
    const { base } = await completed(api, 'public');
    const url = `${base}/playback/240p/playlist.m3u8`;
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    const again = await fetch(url, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('what is not there is not redirected to', async () => {
    const { base } = await completed(api, 'public');
    expect(await problemAt(`${base}/playback/video.mp4`)).toEqual([404, 'file-not-found']);
    expect(await problemAt(`${base}/playback/nothing.m3u8`)).toEqual([404, 'file-not-found']);
  });
});

test('a CDN that checks no tokens could not keep a signed order to those who have one', async () => {
  const api = await startTestApi({ mediaBaseUrl: 'https://cdn.example.com' });
  try {
    const { status, body } = await ask<Problem>(`${api.url}/v1/orders`, {
      body: { source: { url: 'https://media.example.com/a.mp4' }, playback: 'signed' },
    });
    expect([status, body.errors?.map(({ field }) => field)]).toEqual([422, ['playback']]);
  } finally {
    await api.close();
  }
});
