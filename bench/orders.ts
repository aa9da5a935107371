// Durable orders a second over HTTP with 32 connections, against the same inserts straight into the same
// kind of database by as many writers; and with a customer's key, its limits and signed playback against
// without: in turn, on the same cores. No worker takes the jobs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { CreateOrder, newOrderId } from '@spillway/contracts';
import { sampleCustomer } from '@spillway/contracts/testing';
import { migrate, openDatabase } from '@spillway/database';
import { makeClip } from '@spillway/media/testing';
import { childTraceparent } from '@spillway/runtime';
import { Pool } from 'undici';
import { readPresets } from '../services/order-api/src/adapters/preset-files.ts';
import { orderApiMigrations } from '../services/order-api/src/adapters/sql/migrations.ts';
import { sqlOrderStore } from '../services/order-api/src/adapters/sql/order-store.ts';
import { orderRequestReader } from '../services/order-api/src/app/order-request.ts';
import { publicAddresses } from '../services/order-api/src/domain/addresses.ts';
import { accept } from '../services/order-api/src/domain/reduce.ts';
import type { BenchResult } from './run.ts';
import { keysAndNone } from './support/keys-and-none.ts';
import { postOrders } from './support/post-orders.ts';
import { startOrderApiProcess } from './support/start-order-api.ts';
import { median, percentile, round } from './support/statistics.ts';

const CONNECTIONS = 32;

async function overHttp(bodies: readonly string[]): Promise<{ seconds: number; ms: number[] }> {
  const api = await startOrderApiProcess();
  const pool = new Pool(api.url, { connections: CONNECTIONS });
  try {
    const start = performance.now();
    const accepted = await postOrders(pool, CONNECTIONS, bodies);
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
    await migrate(database, await orderApiMigrations());
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
  const clip = await makeClip({ folder });
  const body = JSON.stringify({ source: { url: pathToFileURL(clip).href } });
  const bodies = Array<string>(orders).fill(body);
  const rates: number[] = [];
  const keyed: { none: number; keys: number }[] = [];
  const baselines: number[] = [];
  const times: number[] = [];
  try {
    for (let round = 0; round < Number(values.rounds); round += 1) {
      baselines.push(orders / (await straight(bodies, join(folder, String(round)))));
      const { seconds, ms } = await overHttp(bodies);
      rates.push(orders / seconds);
      times.push(...ms);
      keyed.push(await keysAndNone(CONNECTIONS, orders));
      console.error(`round ${round + 1}: straight ${baselines.at(-1)}/s, HTTP ${rates.at(-1)}/s`);
      console.error(`without and with keys, orders/s: ${JSON.stringify(keyed.at(-1))}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const value = median(rates);
  const baseline = median(baselines);
  const withNone = median(keyed.map(({ none }) => none));
  const withKeys = median(keyed.map(({ keys }) => keys));
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
        measure: 'with keys, limits and signed playback',
        value: round(withKeys, 0),
        unit: 'orders/s',
        baseline: round(withNone, 0),
        bar: 'at least 0.9 of the baseline, which is without',
        ok: withKeys >= 0.9 * withNone,
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
