// 1000 orders of one-second clips, all posted at once, against `xargs -P <cores>` of bare ffmpeg that
// makes the same outputs with the same arguments: in turn, on the same cores.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Backlog, type Order, OrderPage } from '@spillway/contracts';
import { makeClip } from '@spillway/media/testing';
import { Pool } from 'undici';
import { startSpillway } from '../test/support/spillway.ts';
import type { BenchResult } from './run.ts';
import { bareArguments } from './support/bare-ffmpeg.ts';
import { postOrders } from './support/post-orders.ts';
import { median, percentile, round } from './support/statistics.ts';

const CONNECTIONS = 64;
// Often enough for a 99th percentile and an exact end, seldom enough not to be a load of their own.
const PROBE_EVERY_MS = 100;
const BACKLOG_EVERY_MS = 1000;
const BACKLOG_NEAR_THE_END_MS = 100;

interface Flood {
  readonly seconds: number;
  readonly lost: number;
  /** Events beyond one that tell an order's end. */
  readonly doubled: number;
  readonly postMs: readonly number[];
  readonly probeMs: readonly number[];
}

async function endedOrders(pool: Pool): Promise<Order[]> {
  const ended: Order[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path = `/v1/orders?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const { body } = await pool.request({ method: 'GET', path });
    const page = OrderPage.parse(await body.json());
    ended.push(...page.orders.filter(({ endedAt }) => endedAt !== null));
    cursor = page.nextCursor;
  }
  return ended;
}

/** How often the order's event stream, which ends with the order, tells that it has completed. */
async function endEvents(pool: Pool, id: string): Promise<number> {
  const { body } = await pool.request({ method: 'GET', path: `/v1/orders/${id}/events` });
  return [...(await body.text()).matchAll(/^event: ?order\.completed$/gm)].length;
}

async function backlogEmpty(pool: Pool): Promise<void> {
  for (;;) {
    const { body } = await pool.request({ method: 'GET', path: '/v1/backlog' });
    const { waiting, running } = Backlog.parse(await body.json());
    const open = waiting.jobs + running.jobs;
    if (open === 0) return;
    await wait(open > 100 ? BACKLOG_EVERY_MS : BACKLOG_NEAR_THE_END_MS);
  }
}

/** Asks for one order again and again, as a waiting customer would, until told to stop. */
async function probe(pool: Pool, id: string, stop: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!stop.aborted) {
    const start = performance.now();
    const { body } = await pool.request({ method: 'GET', path: `/v1/orders/${id}` });
    await body.dump();
    times.push(performance.now() - start);
    await wait(PROBE_EVERY_MS);
  }
  return times;
}

async function flood(clips: readonly string[], folder: string): Promise<Flood> {
  const spillway = await startSpillway(folder, { SPILLWAY_LOG_LEVEL: 'warn' });
  const pool = new Pool(spillway.url, { connections: CONNECTIONS });
  const prober = new Pool(spillway.url, { connections: 1 });
  const stop = new AbortController();
  try {
    const bodies = clips.map((clip) =>
      JSON.stringify({ source: { url: pathToFileURL(clip).href } }),
    );
    const start = performance.now();
    const posts = await postOrders(pool, CONNECTIONS, bodies);
    const probing = probe(prober, posts[0]?.id ?? '', stop.signal);
    await backlogEmpty(prober);
    const seconds = (performance.now() - start) / 1000;
    stop.abort();
    const completed = (await endedOrders(pool)).filter(({ status }) => status === 'completed');
    let ends = 0;
    for (const { id } of completed) ends += await endEvents(pool, id);
    return {
      seconds,
      lost: clips.length - completed.length,
      doubled: ends - completed.length,
      postMs: posts.map(({ ms }) => ms),
      probeMs: await probing,
    };
  } finally {
    stop.abort();
    await Promise.all([pool.close(), prober.close()]);
    await spillway.stop();
  }
}

/** Seconds that `xargs -P <cores>` takes for as many bare ffmpeg runs. */
async function bare(clips: readonly string[], folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const { ffmpegPath, args, input } = await bareArguments(clips[0] ?? '', join(folder, 'out'));
  // One folder a run: the arguments are those of the first clip, with source and folder put in its place.
  const quoted = [ffmpegPath, ...args]
    .map((arg) => `'${arg.replaceAll(input, '$1').replaceAll(join(folder, 'out'), '$2')}'`)
    .map((arg) => arg.replaceAll('$1', `'"$1"'`).replaceAll('$2', `'"$2"'`))
    .join(' ');
  const script = `mkdir -p "$2" && ${quoted} </dev/null >/dev/null 2>&1 || exit 255`;
  const lines = clips.map((clip, index) => `${clip} ${join(folder, String(index))}`).join('\n');
  const start = performance.now();
  const xargs = spawn(
    'xargs',
    ['-P', String(availableParallelism()), '-L', '1', 'sh', '-c', script, 'sh'],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
  xargs.stdin.end(`${lines}\n`);
  const [code] = await once(xargs, 'exit');
  if (code !== 0) throw new Error(`the bare run failed (${code})`);
  return (performance.now() - start) / 1000;
}

export default async function run(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args,
    options: {
      orders: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const orders = Number(values.orders);
  const folder = await mkdtemp(join(tmpdir(), 'spillway-flood-'));
  const clip = await makeClip({ folder });
  const clips = Array.from({ length: orders }, () => clip);
  const floods: Flood[] = [];
  const bareSeconds: number[] = [];
  try {
    for (let round = 0; round < Number(values.rounds); round += 1) {
      bareSeconds.push(await bare(clips, join(folder, `bare-${round}`)));
      floods.push(await flood(clips, join(folder, `flood-${round}`)));
      console.error(
        `round ${round + 1}: bare ${bareSeconds.at(-1)} s, flood`,
        floods.at(-1)?.seconds,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const throughput = orders / median(floods.map(({ seconds }) => seconds));
  const baseline = orders / median(bareSeconds);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const lost = sum(floods.map((one) => one.lost));
  const doubled = sum(floods.map((one) => one.doubled));
  const p99 = (values: readonly number[]) => round(percentile(values, 0.99), 1);
  const probeP99 = p99(floods.flatMap(({ probeMs }) => probeMs));
  const postP99 = p99(floods.flatMap(({ postMs }) => postMs));
  return {
    name: 'flood',
    measures: [
      {
        measure: `throughput of ${orders} orders, posted at once, until none is open`,
        value: round(throughput, 2),
        unit: 'orders/s',
        baseline: round(baseline, 2),
        bar: 'at least 0.7 of the baseline',
        ok: throughput >= 0.7 * baseline,
      },
      { measure: 'lost', value: lost, unit: 'orders', baseline: null, bar: '0', ok: lost === 0 },
      {
        measure: 'doubled',
        value: doubled,
        unit: 'end events',
        baseline: null,
        bar: '0',
        ok: doubled === 0,
      },
      {
        measure: 'GET /v1/orders/{id} p99 while both cores encode',
        value: probeP99,
        unit: 'ms',
        baseline: null,
        bar: 'under 100',
        ok: probeP99 < 100,
      },
      {
        measure: `POST /v1/orders p99, ${CONNECTIONS} connections at once`,
        value: postP99,
        unit: 'ms',
        baseline: null,
        bar: 'reported',
        ok: null,
      },
    ],
  };
}
