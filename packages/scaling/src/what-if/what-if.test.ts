import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fargate } from '../simulation/platforms.ts';
import { floodOf, workOf } from './flood.ts';
import { corePerSecond, ourPrices, readPrices } from './prices.ts';
import { whatIf } from './what-if.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const run = (...args: string[]) =>
  spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

const question = {
  orders: 20,
  minutes: 1,
  videoSeconds: 60,
  height: 1080,
  framesPerSecond: 30,
  platform: fargate,
  maxWorkers: 10,
  cores: 2,
  waitTargetSeconds: 120,
  orderSeconds: null,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-what-if-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the work of an order is what the encoder plans: more for more lines and seconds, in more jobs', () => {
  const small = workOf({ videoSeconds: 10, height: 360, framesPerSecond: 30 });
  const large = workOf({ videoSeconds: 60, height: 1080, framesPerSecond: 30 });
  expect(small).toMatchObject({ jobs: 1, renditions: ['360p', '240p'] });
  expect(large.renditions[0]).toBe('1080p');
  expect(large.jobs).toBeGreaterThan(1);
  const twice = workOf({ videoSeconds: 120, height: 1080, framesPerSecond: 30 });
  expect(twice.coreSeconds).toBeCloseTo(2 * large.coreSeconds);
});

test('a flood is so many orders within the minutes, each in its jobs', () => {
  const work = { renditions: ['720p'], jobs: 3, coreSeconds: 60 };
  const { jobs } = floodOf(work, { orders: 500, minutes: 2 }, 1);
  expect(jobs).toHaveLength(1500);
  expect(Math.max(...jobs.map(({ arrival }) => arrival))).toBeLessThanOrEqual(120);
  const total = jobs.reduce((sum, { workSeconds }) => sum + workSeconds, 0);
  expect(Math.abs(total / (500 * 60) - 1)).toBeLessThan(0.05);
});

test('all the work is paid for, and Spillway has the smallest bill of those that are asked', () => {
  const { work, rows } = whatIf(question);
  const [ours, ...others] = rows.map(({ billedCoreSeconds }) => billedCoreSeconds);
  expect(ours).toBeGreaterThan(20 * work.coreSeconds * 0.8);
  expect(Math.min(...others)).toBeGreaterThanOrEqual(ours ?? Number.NaN);
  expect(rows[0]?.busyStopped).toBe(0);
});

test('what somebody measured counts instead of the plan', () => {
  const { work } = whatIf({ ...question, orderSeconds: 42 });
  expect(work.coreSeconds).toBe(42);
});

test('each platform has a price, with its memory', async () => {
  const prices = await readPrices(ourPrices);
  expect(corePerSecond(prices, 'fargate', 2) * 3600).toBeCloseTo(0.04048 + 2 * 0.004445);
  expect(corePerSecond(prices, 'eks', 2)).toBeGreaterThan(0);
  expect(corePerSecond(prices, 'fargate-spot', 2)).toBeLessThan(
    corePerSecond(prices, 'fargate', 2),
  );
  expect(() => corePerSecond(prices, 'a laptop', 2)).toThrow('no price for a laptop');
});

test('the command answers in a table, by prices of the user where there are some', async () => {
  const file = join(folder, 'prices.json');
  const prices = JSON.parse(await readFile(ourPrices, 'utf8'));
  prices.hourly.fargate = { core: 1000, memoryGiB: 0 };
  await writeFile(file, JSON.stringify(prices));
  const answer = run('--orders', '10', '--minutes', '1', '--prices', file);
  expect(answer.status).toBe(0);
  expect(answer.stdout).toMatch(/^Spillway .*\$\d{3,}\.\d\d .*0\.0 %$/m);
  expect(answer.stdout).toMatch(/^KEDA ScaledObject, 4 a pod /m);
});

test('the command says what is wrong with an option', () => {
  const wrong = run('--orders', 'many');
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('--orders wants a number over 0, not many');
  expect(run('--platform', 'a laptop').stderr).toContain('--platform is one of fargate');
});
