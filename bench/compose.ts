// docker-compose.yml: from `up` to the first accepted order, and a flood of one-second orders against the same flood
// in one process (`npm start`), in turn, on the same cores. All orders name one upload: in both the source is read
// from the object store.
import { execFile } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { SpillwayClient } from '@spillway/client';
import { makeClip } from '@spillway/media/testing';
import { LOCAL_KEY } from '../test/support/compose-file.ts';
import { freePort } from '../test/support/free-port.ts';
import { startSpillway } from '../test/support/spillway.ts';
import type { BenchResult, Measure } from './run.ts';
import { type Flood, flood } from './support/flood.ts';
import { median, round } from './support/statistics.ts';

const POLL_MS = 50;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Round {
  readonly upSeconds: number;
  readonly flood: Flood;
  readonly oneProcess: Flood;
}

/** Resolves with its upload when an order was accepted: asks again and again until the system is there. */
async function firstOrder(
  client: SpillwayClient,
  clip: Blob,
): Promise<{ id: string; uploadId: string }> {
  for (;;) {
    try {
      const uploadId = await client.upload(clip);
      const { id } = await client.placeOrder({ source: { uploadId } });
      return { id, uploadId };
    } catch {
      await wait(POLL_MS);
    }
  }
}

/** The flood, once the first order has ended: nobody measures programs that start. */
async function floodOf(url: string, apiKey: string | undefined, clip: Blob, orders: number) {
  const client = new SpillwayClient({ url, ...(apiKey !== undefined && { apiKey }) });
  const begun = performance.now();
  const { id, uploadId } = await firstOrder(client, clip);
  const firstOrderMs = performance.now() - begun;
  await client.followOrder(id);
  const bodies = Array<string>(orders).fill(JSON.stringify({ source: { uploadId } }));
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  return { firstOrderMs, flood: await flood(url, bodies, headers) };
}

async function inOneProcess(folder: string, clip: Blob, orders: number): Promise<Flood> {
  const spillway = await startSpillway(folder, { SPILLWAY_LOG_LEVEL: 'warn' });
  try {
    return (await floodOf(spillway.url, undefined, clip, orders)).flood;
  } finally {
    await spillway.stop();
  }
}

/** `docker compose ARGS` of a project of its own. */
function composeOn(port: number, profile: string) {
  const project = `spillway-bench-${process.pid}`;
  const settings = { PORT: String(port), SPILLWAY_LOG_LEVEL: 'warn', COMPOSE_PROFILES: profile };
  const env = { ...process.env, ...settings, COMPOSE_PROJECT_NAME: project };
  return async (...args: string[]): Promise<void> => {
    await promisify(execFile)('docker', ['compose', ...args], { cwd: ROOT, env });
  };
}

async function inCompose(port: number, profile: string, clip: Blob, orders: number) {
  const compose = composeOn(port, profile);
  const url = `http://127.0.0.1:${port}`;
  const up = compose('up', '--detach');
  try {
    const [measured] = await Promise.all([floodOf(url, LOCAL_KEY, clip, orders), up]);
    return { flood: measured.flood, upSeconds: measured.firstOrderMs / 1000 };
  } finally {
    await compose('down', '--volumes', '--timeout', '5');
  }
}

export default async function run(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args,
    options: {
      orders: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '3' },
      profile: { type: 'string', default: 'sqs' },
    },
  });
  const { profile } = values;
  const orders = Number(values.orders);
  const port = await freePort();
  await composeOn(port, profile)('build', '--quiet');
  const folder = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const clip = await openAsBlob(await makeClip({ folder }));
  const rounds: Round[] = [];
  try {
    for (let index = 0; index < Number(values.rounds); index += 1) {
      const oneProcess = await inOneProcess(join(folder, String(index)), clip, orders);
      const measured = await inCompose(port, profile, clip, orders);
      rounds.push({ ...measured, oneProcess });
      const { upSeconds, flood } = measured;
      console.error(
        `round ${index + 1}: up ${upSeconds} s; flood ${flood.seconds} s, in one process ${oneProcess.seconds} s`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { name: 'compose', measures: measuresOf(rounds, orders, profile) };
}

function measuresOf(rounds: readonly Round[], orders: number, profile: string): Measure[] {
  const up = median(rounds.map(({ upSeconds }) => upSeconds));
  const value = orders / median(rounds.map(({ flood }) => flood.seconds));
  const baseline = orders / median(rounds.map(({ oneProcess }) => oneProcess.seconds));
  const none = (measure: 'lost' | 'doubled'): Measure => {
    const found = rounds.reduce((total, { flood }) => total + flood[measure], 0);
    return { measure, value: found, unit: 'orders', baseline: null, bar: '0', ok: found === 0 };
  };
  return [
    {
      measure: `docker compose up (${profile}) to the first accepted order, images built, no data`,
      value: round(up, 1),
      unit: 's',
      baseline: null,
      bar: 'under 20',
      ok: up < 20,
    },
    {
      measure: `throughput of ${orders} one-second orders (${profile}), posted at once`,
      value: round(value, 2),
      unit: 'orders/s',
      baseline: round(baseline, 2),
      bar: 'at least 0.8 of the baseline, which is npm start',
      ok: value >= 0.8 * baseline,
    },
    none('lost'),
    none('doubled'),
  ];
}
