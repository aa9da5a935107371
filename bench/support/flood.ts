// Many orders posted at once, followed to the end of the last one.
import { setTimeout as wait } from 'node:timers/promises';
import { Backlog, type Order, OrderPage } from '@spillway/contracts';
import { Pool } from 'undici';
import { postOrders } from './post-orders.ts';

export const CONNECTIONS = 64;
// Often enough for a 99th percentile, seldom enough not to be a load of its own.
const PROBE_EVERY_MS = 250;
/** As old as the backlog's answer may be. */
const BACKLOG_EVERY_MS = 1000;

export interface Flood {
  /** From the first post to the end of the last order, as the orders tell it. */
  readonly seconds: number;
  readonly lost: number;
  /** Events beyond one that tell an order's end. */
  readonly doubled: number;
  readonly postMs: readonly number[];
  readonly probeMs: readonly number[];
}

/** Of the operator of a system that wants keys. */
type Headers = Readonly<Record<string, string>>;

async function endedOrders(pool: Pool, headers: Headers): Promise<Order[]> {
  const ended: Order[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path = `/v1/orders?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const { body } = await pool.request({ method: 'GET', path, headers });
    const page = OrderPage.parse(await body.json());
    ended.push(...page.orders.filter(({ endedAt }) => endedAt !== null));
    cursor = page.nextCursor;
  }
  return ended;
}

/** How often the order's event stream, which ends with the order, tells that it has completed. */
async function endEvents(pool: Pool, id: string, headers: Headers): Promise<number> {
  const path = `/v1/orders/${id}/events`;
  const { body } = await pool.request({ method: 'GET', path, headers });
  return [...(await body.text()).matchAll(/^event: ?order\.completed$/gm)].length;
}

async function backlogEmpty(pool: Pool, headers: Headers): Promise<void> {
  for (;;) {
    // First of all: an answer may be older than the orders.
    await wait(BACKLOG_EVERY_MS);
    const { body } = await pool.request({ method: 'GET', path: '/v1/backlog', headers });
    const { waiting, running } = Backlog.parse(await body.json());
    if (waiting.jobs + running.jobs === 0) return;
  }
}

/** Asks for one order again and again, as a waiting customer would, until told to stop. */
async function probe(
  pool: Pool,
  id: string,
  headers: Headers,
  stop: AbortSignal,
): Promise<number[]> {
  const path = `/v1/orders/${id}`;
  const times: number[] = [];
  while (!stop.aborted) {
    const start = performance.now();
    const { body } = await pool.request({ method: 'GET', path, headers });
    await body.dump();
    times.push(performance.now() - start);
    await wait(PROBE_EVERY_MS);
  }
  return times;
}

/** Posts the orders to the system at `url` over 64 connections; resolves when none is open. */
export async function flood(
  url: string,
  bodies: readonly string[],
  headers: Headers = {},
): Promise<Flood> {
  const pool = new Pool(url, { connections: CONNECTIONS });
  const prober = new Pool(url, { connections: 1 });
  const stop = new AbortController();
  try {
    const start = Date.now();
    const posts = await postOrders(pool, CONNECTIONS, bodies, headers);
    const probing = probe(prober, posts[0]?.id ?? '', headers, stop.signal);
    await backlogEmpty(prober, headers);
    stop.abort();
    const posted = new Set(posts.map(({ id }) => id));
    const ended = (await endedOrders(pool, headers)).filter(({ id }) => posted.has(id));
    const completed = ended.filter(({ status }) => status === 'completed');
    const lastEnd = Math.max(...ended.map(({ endedAt }) => Date.parse(endedAt ?? '')));
    let ends = 0;
    for (const { id } of completed) ends += await endEvents(pool, id, headers);
    return {
      seconds: (lastEnd - start) / 1000,
      lost: bodies.length - completed.length,
      doubled: ends - completed.length,
      postMs: posts.map(({ ms }) => ms),
      probeMs: await probing,
    };
  } finally {
    stop.abort();
    await Promise.all([pool.close(), prober.close()]);
  }
}
