// What a viewer sees: the program as a user runs it, a real browser, hls.js on our page and dash.js on another's.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Order } from '@spillway/contracts';
import type { Browser, Page } from 'playwright-core';
import { playbackKey, playbackTokens } from '../../services/order-api/src/app/playback-tokens.ts';
import { acceptedOrder, getOrder, orderEnd, orderWhen } from '../support/orders.ts';
import { type SpillwayProcess, startSpillway } from '../support/spillway.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import {
  FILM_SECONDS,
  FRAMES_PER_SECOND,
  makeNumberedFilm,
  numberedCaptions,
} from './support/film.ts';
import { serveCustomer, serveObjects, type TestServer } from './support/servers.ts';

const SECRET = 'a secret of 32 characters or more';
const TIMEOUT = 300_000;
let folder: string;
let film: string;
let browser: Browser;
let customer: TestServer;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), 'spillway-browser-'));
  film = pathToFileURL(await makeNumberedFilm(folder)).href;
  customer = await serveCustomer({ '/captions.vtt': numberedCaptions() });
}, TIMEOUT);
afterAll(async () => {
  await browser?.close();
  customer?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Of what the page showed while it played. */
interface Played {
  readonly frames: readonly { readonly mediaTime: number; readonly number: number }[];
  readonly waits: number;
  readonly errors: readonly string[];
  readonly at: number;
  readonly ended: boolean;
}

const start = (name: string, settings: Record<string, string> = {}): Promise<SpillwayProcess> =>
  startSpillway(join(folder, name), { SPILLWAY_SECRET: SECRET, ...settings });

const order = (api: string, playback: 'public' | 'signed'): Promise<Order> =>
  acceptedOrder(api, {
    source: { url: film },
    playback,
    outputs: {
      captions: [{ url: `${customer.url}/captions.vtt`, language: 'en' }],
    },
  });

/** Where the segments of one chunk end and those of the next begin, in seconds. */
async function chunkBoundaries({ playback }: Order): Promise<number[]> {
  const master = new URL(playback?.hlsUrl ?? '');
  const [, name = ''] = /\n(\S+\/playlist\.m3u8)\n/.exec(await (await fetch(master)).text()) ?? [];
  const playlist = await (await fetch(new URL(name, master))).text();
  const segments = [...playlist.matchAll(/#EXTINF:([\d.]+),\n(\S+)\/\d+\.m4s/g)];
  let at = 0;
  let before: string | undefined;
  const boundaries: number[] = [];
  for (const [, seconds = '', chunk] of segments) {
    if (before !== undefined && chunk !== before) boundaries.push(at);
    before = chunk;
    at += Number(seconds);
  }
  return boundaries;
}

const playTo = (page: Page, seconds: number): Promise<Played> =>
  page.evaluate(`probe.playTo(${seconds})`);

/** No stall, no error, and every frame that was shown is the one of its time. */
function expectSmooth({ frames, waits, errors }: Played, seconds: number): void {
  expect({ waits, errors }).toEqual({ waits: 0, errors: [] });
  const wrong = frames.filter(
    ({ mediaTime, number }) => Math.abs(number - Math.round(mediaTime * FRAMES_PER_SECOND)) > 1,
  );
  expect(wrong).toEqual([]);
  // A busy machine may leave out frames, but not most of them.
  expect(frames.length).toBeGreaterThan((seconds * FRAMES_PER_SECOND) / 3);
}

/** Waits until it can play. */
const ready = (page: Page): Promise<void> => page.evaluate('probe.watch()');

/** Plays over every boundary of two chunks, after a seek to just before it, backwards and forwards. */
async function expectSeeksOverBoundaries(page: Page, boundaries: readonly number[]): Promise<void> {
  expect(boundaries.length).toBeGreaterThanOrEqual(3);
  for (const boundary of [...boundaries.toReversed(), ...boundaries]) {
    await page.evaluate(`probe.seekTo(${boundary - 0.6})`);
    const played = await playTo(page, boundary + 0.6);
    expect(played.at).toBeGreaterThanOrEqual(boundary + 0.6);
    expectSmooth(played, 1.2);
  }
}

const durationOf = (page: Page): Promise<number> => page.evaluate('probe.video.duration');

/** All that a viewer does with a film that is finished. */
async function expectPlays(page: Page, finished: Order): Promise<void> {
  await ready(page);
  expect(Math.abs((await durationOf(page)) - FILM_SECONDS)).toBeLessThan(0.1);
  expectSmooth(await playTo(page, 3), 3);
  await expectSeeksOverBoundaries(page, await chunkBoundaries(finished));
  await page.evaluate(`probe.seekTo(${FILM_SECONDS - 2})`);
  const end = await playTo(page, FILM_SECONDS + 1);
  expect(end.ended).toBe(true);
  expectSmooth(end, 2);
  const captions = await page.evaluate(`probe.captionsAt(${FILM_SECONDS / 2 + 0.5})`);
  expect(captions).toEqual({ text: `second ${FILM_SECONDS / 2}`, language: 'en' });
  const thumbnails = finished.playback?.thumbnailsUrl ?? '';
  expect(await page.evaluate(`probe.lastThumbnail(${JSON.stringify(thumbnails)})`)).toBe(true);
}

const dashPage = ({ playback }: Order): string =>
  `${customer.url}/dash?manifest=${encodeURIComponent(playback?.dashUrl ?? '')}`;

describe.each(['public', 'signed'] as const)('a %s order', (access) => {
  let spillway: SpillwayProcess;
  let finished: Order;
  beforeAll(async () => {
    // One thing after the other, so that the film is watched while it is made.
    spillway = await start(access, { SPILLWAY_ENCODER_SLOTS: '1' });
  }, TIMEOUT);
  afterAll(() => spillway?.stop());

  test(
    'plays by hls.js from its start while it is still being encoded, to its end',
    async () => {
      const { id, playback } = await order(spillway.url, access);
      const { page, complaints } = await openPage(browser);
      await page.goto(playback?.playUrl ?? '');
      await orderWhen(spillway.url, id, (now) => now.playback?.ready === true);
      await ready(page);
      expect((await getOrder(spillway.url, id)).status).toBe('running');
      const played = await playTo(page, FILM_SECONDS + 1);
      expect(played.frames[0]?.number).toBeLessThan(FRAMES_PER_SECOND);
      expect(played.ended).toBe(true);
      expectSmooth(played, FILM_SECONDS);
      expect(complaints).toEqual([]);
      await page.close();
      finished = await orderEnd(spillway.url, id);
      expect(finished.status).toBe('completed');
    },
    TIMEOUT,
  );

  test('plays by hls.js', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(finished.playback?.playUrl ?? '');
    await expectPlays(page, finished);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('plays by dash.js on a page of another origin', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(dashPage(finished));
    await expectPlays(page, finished);
    expect(await page.evaluate('failures')).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe.each(['public', 'signed'] as const)('a %s order behind a CDN', (access) => {
  let spillway: SpillwayProcess;
  let cdn: TestServer;
  let finished: Order;
  beforeAll(async () => {
    process.env.SPILLWAY_PLAYBACK_KEY = playbackKey(SECRET);
    cdn = await serveObjects(join(folder, `cdn-${access}`));
    spillway = await start(`cdn-${access}`, { SPILLWAY_MEDIA_BASE_URL: `${cdn.url}/{token}` });
    finished = await orderEnd(spillway.url, (await order(spillway.url, access)).id);
  }, TIMEOUT);
  afterAll(async () => {
    await spillway?.stop();
    cdn?.close();
  });

  test.each(['hls.js', 'dash.js'])('plays by %s, its media from the CDN alone', async (player) => {
    const { page, complaints } = await openPage(browser);
    const { url } = spillway;
    const here: string[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith(url)) here.push(request.url());
    });
    const shown = await getOrder(url, finished.id);
    await page.goto(player === 'dash.js' ? dashPage(shown) : (shown.playback?.playUrl ?? ''));
    await expectPlays(page, shown);
    expect(complaints).toEqual([]);
    expect(here.filter((address) => address.endsWith('.m4s'))).toEqual([]);
    expect(cdn.asked.filter((path) => path.endsWith('.m4s')).length).toBeGreaterThan(5);
    await page.close();
  });
});

test(
  'an address that has expired says so',
  async () => {
    const spillway = await start('expired');
    try {
      const { id } = await order(spillway.url, 'signed');
      const { page } = await openPage(browser);
      const token = playbackTokens(SECRET).create(id, Math.floor(Date.now() / 1000));
      const response = await page.goto(`${spillway.url}/play/${id}/${token}`);
      expect(response?.status()).toBe(403);
      expect(await page.textContent('body')).toContain('The address has expired');
      await page.close();
    } finally {
      await spillway.stop();
    }
  },
  TIMEOUT,
);
