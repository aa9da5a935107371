// npm run bench -- listeners [--count 10000]: what listeners to events cost the order API, and that there are no more
// than SPILLWAY_EVENT_STREAMS of them. Needs more open files than that: ulimit -n.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Order } from '@spillway/contracts';
import { cpuSecondsOf } from '../test/support/spillway.ts';
import type { BenchResult, Measure } from './run.ts';
import { type OrderApiProcess, startOrderApiProcess } from './support/start-order-api.ts';
import { median, round } from './support/statistics.ts';

const ORDERS = 100;
const OPENED_AT_ONCE = 200;
const IDLE_SECONDS = 20;

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

interface Listener {
  readonly socket: Socket;
  readonly status: number;
  /** Of the answer so far. */
  text(): string;
}

/** A connection that has been answered, without a client's weight. */
async function listen(url: URL, orderId: string): Promise<Listener> {
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  let text = '';
  socket.setEncoding('latin1').on('data', (part) => {
    text += part;
  });
  socket.write(`GET /v1/orders/${orderId}/playback/events HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
  while (!text.includes('\r\n\r\n')) await once(socket, 'data');
  return { socket, status: Number(text.split(' ')[1]), text: () => text };
}

async function openAll(api: OrderApiProcess, orders: readonly string[], count: number) {
  const url = new URL(api.url);
  const listeners: Listener[] = [];
  while (listeners.length < count) {
    const first = listeners.length;
    const more = Math.min(OPENED_AT_ONCE, count - first);
    const opened = Array.from({ length: more }, (_, index) =>
      listen(url, orders[(first + index) % orders.length] ?? ''),
    );
    listeners.push(...(await Promise.all(opened)));
  }
  return listeners;
}

async function placeOrders(api: string, folder: string): Promise<string[]> {
  const film = join(folder, 'film.mp4');
  await writeFile(film, 'nobody encodes it');
  const body = JSON.stringify({ source: { url: pathToFileURL(film).href } });
  const headers = { 'content-type': 'application/json' };
  const ids: string[] = [];
  for (let count = 0; count < ORDERS; count++) {
    const response = await fetch(`${api}/v1/orders`, { method: 'POST', headers, body });
    ids.push(((await response.json()) as Order).id);
  }
  return ids;
}

/** Median milliseconds of reading an order. */
async function readMilliseconds(api: string, id: string): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 50; count++) {
    const start = performance.now();
    await (await fetch(`${api}/v1/orders/${id}`)).text();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Milliseconds until every listener of an order has heard of its end. */
async function tellMilliseconds(api: string, id: string, of: readonly Listener[]): Promise<number> {
  const start = performance.now();
  const told = of.map(async ({ socket, text }) => {
    while (!text().includes('"canceled"')) await once(socket, 'data');
  });
  await fetch(`${api}/v1/orders/${id}/cancel`, { method: 'POST' });
  await Promise.all(told);
  return performance.now() - start;
}

async function measure(api: OrderApiProcess, orders: string[], count: number): Promise<Measure[]> {
  const [first = '', second = ''] = orders;
  const calmRead = await readMilliseconds(api.url, second);
  const memoryBefore = await residentMegabytes(api.pid);
  const start = performance.now();
  const listeners = await openAll(api, orders, count);
  const openSeconds = (performance.now() - start) / 1000;
  const refused = await listen(new URL(api.url), second);
  const memory = (await residentMegabytes(api.pid)) - memoryBefore;
  const cpuBefore = cpuSecondsOf(api.pid);
  await wait(IDLE_SECONDS * 1000);
  const cores = (cpuSecondsOf(api.pid) - cpuBefore) / IDLE_SECONDS;
  const busyRead = await readMilliseconds(api.url, second);
  const ofFirst = listeners.filter((_, index) => index % orders.length === 0);
  const told = await tellMilliseconds(api.url, first, ofFirst);
  for (const { socket } of [...listeners, refused]) socket.destroy();
  const open = listeners.filter(({ status }) => status === 200).length;
  const figure = (name: string, value: number, unit: string, baseline: number | null = null) => ({
    ...{ measure: name, value: round(value, 3), unit, bar: '', ok: null },
    baseline: baseline === null ? null : round(baseline, 3),
  });
  return [
    { ...figure('listeners', open, ''), bar: `= ${count}`, ok: open === count },
    {
      ...figure('one more', refused.status, 'HTTP status'),
      bar: '= 503',
      ok: refused.status === 503,
    },
    {
      ...figure('memory of a listener', (memory * 1024) / count, 'KiB'),
      bar: '<= 64',
      ok: (memory * 1024) / count <= 64,
    },
    figure('cores while nothing happens', cores, 'cores'),
    figure('opening them', openSeconds, 's'),
    figure('reading an order meanwhile', busyRead, 'ms', calmRead),
    figure(`an event to all ${ofFirst.length} of its order`, told, 'ms'),
  ];
}

export default async function bench(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({ args, options: { count: { type: 'string', default: '10000' } } });
  const folder = await mkdtemp(join(tmpdir(), 'spillway-listeners-'));
  const api = await startOrderApiProcess('--event-streams', values.count);
  try {
    const orders = await placeOrders(api.url, folder);
    return { name: 'listeners', measures: await measure(api, orders, Number(values.count)) };
  } finally {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
