// Durable orders a second over HTTP with 32 connections, against the same inserts straight into the same
// kind of database by as many writers; and with a customer's key, its limits and signed playback against
// without: in turn, on the same cores. No worker takes the jobs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateOrder, newOrderId } from '@spillway/contracts';
import { sampleCustomer } from '@spillway/contracts/testing';
import { migrate, openDatabase, ownMigrations, readMigrations } from '@spillway/database';
import { childTraceparent } from '@spillway/runtime';
import { Pool } from 'undici';
import { readPresets } from '../services/order-api/src/adapters/preset-files.ts';
import {
  orderMigrations,
  sqlOrderStore,
} from '../services/order-api/src/adapters/sql/order-store.ts';
import { orderRequestReader } from '../services/order-api/src/app/order-request.ts';
import { publicAddresses } from '../services/order-api/src/domain/addresses.ts';
import { accept } from '../services/order-api/src/domain/reduce.ts';
import type { BenchResult } from './run.ts';
import { postOrders } from './support/post-orders.ts';
import { startOrderApiProcess } from './support/start-order-api.ts';
import { median, percentile, round } from './support/statistics.ts';

const CONNECTIONS = 32;

/** Of a customer whose limits are counted and out of the way: from then on, the server wants keys. */
async function customersKey(url: string): Promise<Record<string, string>> {
  const send = async (method: string, path: string, body: unknown, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return (await response.json()) as { key?: string };
  };
  const limits = { openOrders: 1_000_000, requestsPerSecond: 1_000_000 };
  await send('PUT', '/v1/customers/bench', { limits });
  const { key } = await send('POST', '/v1/keys', { customerId: 'bench' });
  return { authorization: `Bearer ${key}` };
}

async function overHttp(
  bodies: readonly string[],
  { withKey }: { withKey: boolean },
): Promise<{ seconds: number; ms: number[] }> {
  const api = await startOrderApiProcess();
  const pool = new Pool(api.url, { connections: CONNECTIONS });
  try {
    const headers = withKey ? await customersKey(api.url) : {};
    const start = performance.now();
    const accepted = await postOrders(pool, CONNECTIONS, bodies, headers);
    return { seconds: (performance.now() - start) / 1000, ms: accepted.map(({ ms }) => ms) };
  } finally {
    await pool.close();
    await api.stop();
  }
}

const caller = { customer: sampleCustomer(), isAdmin: false };
const readRequest = orderRequestReader({
  presets: await readPresets(null),
  checkSource: async () => {},
  checkWebhook: async () => {},
  checkCaptions: async () => {},
  findUploads: async () => ({}),
  canSign: true,
});

/** The statement that takes an order, without HTTP around it. */
async function straight(bodies: readonly string[], dataDir: string): Promise<number> {
  const database = await openDatabase({ dataDir });
  try {
    await migrate(
      database,
      await ownMigrations(),
      await readMigrations('order-api', orderMigrations),
    );
    const store = sqlOrderStore(database);
    const queue = bodies[Symbol.iterator]();
    const write = async (): Promise<void> => {
      for (let next = queue.next(); !next.done; next = queue.next()) {
        const request = await readRequest(CreateOrder.parse(JSON.parse(next.value)), caller);
        const order = { id: newOrderId(), customerId: 'default', request };
        const step = accept(order, new Date().toISOString(), ({ id }) =>
          publicAddresses('http://127.0.0.1', id),
        );
        await store.create([{ step, trace: { traceparent: childTraceparent() } }]);
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: CONNECTIONS }, write));
    return (performance.now() - start) / 1000;
  } finally {
    await database.close();
  }
}

export default async function run(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args,
    options: {
      orders: { type: 'string', default: '5000' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const orders = Number(values.orders);
  const folder = await mkdtemp(join(tmpdir(), 'spillway-orders-'));
  // Nobody fetches it. A customer's key may not name a file.
  const order = { source: { url: 'http://127.0.0.1:9/clip.mp4' } };
  const bodies = Array<string>(orders).fill(JSON.stringify(order));
  const signed = Array<string>(orders).fill(JSON.stringify({ ...order, playback: 'signed' }));
  const rates: number[] = [];
  const keyed: number[] = [];
  const baselines: number[] = [];
  const times: number[] = [];
  try {
    for (let round = 0; round < Number(values.rounds); round += 1) {
      baselines.push(orders / (await straight(bodies, join(folder, String(round)))));
      const without = async () => {
        const { seconds, ms } = await overHttp(bodies, { withKey: false });
        rates.push(orders / seconds);
        times.push(...ms);
      };
      const withKey = async () => {
        const { seconds } = await overHttp(signed, { withKey: true });
        keyed.push(orders / seconds);
      };
      // Whoever comes second finds a warmer machine, or a busier disk.
      for (const measure of round % 2 === 0 ? [without, withKey] : [withKey, without])
        await measure();
      const told = [baselines, rates, keyed].map((values) => Math.round(values.at(-1) ?? 0));
      console.error(`round ${round + 1}, orders/s: straight, HTTP, with a key: ${told.join(', ')}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const value = median(rates);
  const baseline = median(baselines);
  return {
    name: 'orders',
    measures: [
      {
        measure: `durable orders over HTTP, ${CONNECTIONS} connections`,
        value: round(value, 0),
        unit: 'orders/s',
        baseline: round(baseline, 0),
        bar: 'at least 0.5 of the baseline',
        ok: value >= 0.5 * baseline,
      },
      {
        measure: 'the same with a key, limits and signed playback',
        value: round(median(keyed), 0),
        unit: 'orders/s',
        baseline: round(value, 0),
        bar: 'at least 0.9 of the baseline, which is without',
        ok: median(keyed) >= 0.9 * value,
      },
      {
        measure: 'POST /v1/orders p99',
        value: round(percentile(times, 0.99), 1),
        unit: 'ms',
        baseline: null,
        bar: 'reported',
        ok: null,
      },
    ],
  };
}
