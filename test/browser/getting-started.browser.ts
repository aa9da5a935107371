// The player's page of docs/getting-started.md, in a browser.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeClip } from '@spillway/media/testing';
import type { Browser } from 'playwright-core';
import { serveFiles } from '../support/file-server.ts';
import { acceptedOrder, orderEnd } from '../support/orders.ts';
import { blocksOf } from '../support/page.ts';
import { type SpillwayProcess, startSpillway } from '../support/spillway.ts';
import { launchBrowser, openPage } from './support/browser.ts';

const PAGE = new URL('../../docs/getting-started.md', import.meta.url);
const HLS_JS = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');

let folder: string;
let spillway: SpillwayProcess;
let browser: Browser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-page-'));
  spillway = await startSpillway(join(folder, 'data'));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await spillway?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the page plays an order from an origin of its own', async () => {
  const clip = await makeClip({ seconds: 2, folder });
  const { id } = await acceptedOrder(spillway.url, { source: { url: pathToFileURL(clip).href } });
  const { playback } = await orderEnd(spillway.url, id);
  const html = (await blocksOf(PAGE)).find(({ language }) => language === 'html')?.code ?? '';
  const { page, complaints } = await openPage(browser);
  const path = `watch?hls=${encodeURIComponent(playback?.hlsUrl ?? '')}`;
  const customer = await serveFiles({
    [path]: `<!doctype html><link rel="icon" href="data:,">${html}`,
  });
  const script = await readFile(HLS_JS, 'utf8');
  await page.route('https://cdn.jsdelivr.net/npm/hls.js@1', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  );
  await page.goto(`${customer.url}/${path}`);
  await page.evaluate('probe.watch()');
  const played = await page.evaluate<{ ended: boolean }>('probe.playTo(3)');
  expect(played.ended).toBe(true);
  expect(complaints).toEqual([]);
  customer.close();
});
