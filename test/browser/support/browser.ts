import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function chromiumPath(): string {
  const { SPILLWAY_CHROMIUM: named, PATH = '' } = process.env;
  const paths = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const path = named ?? paths.find(isProgram);
  if (path) return path;
  throw new Error(
    'There is no Chromium: install one (Debian: apt install chromium), or name it in SPILLWAY_CHROMIUM.',
  );
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });

const PROBE = fileURLToPath(new URL('../page/probe.js', import.meta.url));

/** A page that knows `probe`, and notes what goes wrong in it. */
export async function openPage(browser: Browser): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (told) => {
    if (told.type() === 'error') complaints.push(told.text());
  });
  await page.addInitScript({ path: PROBE });
  return { page, complaints };
}
