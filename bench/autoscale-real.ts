// A flood on real systems that have no worker: how soon the first job begins, how many workers come, and when all
// have left again. Every job must be done by one attempt, and nobody may stop a worker.
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { answered, SpillwayClient } from '@spillway/client';
import type { OrderPage } from '@spillway/contracts';
import { makeClip } from '@spillway/media/testing';
import { compose, type Place, standalone } from './autoscale-real/places.ts';
import type { BenchResult, Measure } from './run.ts';
import { flood } from './support/flood.ts';
import { round } from './support/statistics.ts';

const LOOK_MS = 250;

interface Run {
  /** From the first order accepted until an attempt had begun. */
  readonly firstJobSeconds: number;
  readonly floodSeconds: number;
  readonly mostWorkers: number;
  /** From the end of the last order until no worker was left. */
  readonly emptySeconds: number;
  readonly lost: number;
  /** Attempts beyond the first at a job. */
  readonly repeated: number;
  readonly stopped: number;
}

/** Looks how many workers there are, again and again, until told to stop. */
function countWorkers(place: Place) {
  let most = 0;
  const stop = new AbortController();
  const counting = (async () => {
    while (!stop.signal.aborted) {
      most = Math.max(most, await place.workers());
      await wait(LOOK_MS);
    }
  })();
  return {
    async stop(): Promise<number> {
      stop.abort();
      await counting;
      return most;
    },
  };
}

/** When the first of all orders was accepted and the first of all attempts began; attempts beyond one a job. */
async function attemptsOf(client: SpillwayClient) {
  const accepted: number[] = [];
  const begun: number[] = [];
  let repeated = 0;
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = {
      limit: 100,
      ...(cursor !== null && { cursor }),
    };
    const page: OrderPage = await answered(client.api.GET('/v1/orders', { params: { query } }));
    for (const { id, createdAt } of page.orders) {
      accepted.push(Date.parse(createdAt));
      const { jobs } = await answered(
        client.api.GET('/v1/orders/{id}/jobs', { params: { path: { id } } }),
      );
      for (const { attempts } of jobs) {
        repeated += Math.max(0, attempts.length - 1);
        begun.push(...attempts.map(({ startedAt }) => Date.parse(startedAt)));
      }
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { firstJobSeconds: (Math.min(...begun) - Math.min(...accepted)) / 1000, repeated };
}

async function floodOf(place: Place, clip: Blob, orders: number): Promise<Run> {
  const { url, apiKey } = place;
  const client = new SpillwayClient({ url, apiKey });
  const uploadId = await client.upload(clip);
  const bodies = Array<string>(orders).fill(JSON.stringify({ source: { uploadId } }));
  const counted = countWorkers(place);
  const result = await flood(url, bodies, apiKey ? { authorization: `Bearer ${apiKey}` } : {});
  const ended = performance.now();
  const mostWorkers = await counted.stop();
  while ((await place.workers()) > 0) await wait(LOOK_MS);
  const emptySeconds = (performance.now() - ended) / 1000;
  return {
    ...(await attemptsOf(client)),
    ...{ floodSeconds: result.seconds, lost: result.lost, mostWorkers, emptySeconds },
    stopped: await place.stopped(),
  };
}

function measuresOf({ name, firstJobBar }: Place, run: Run): Measure[] {
  const measure = (what: string, value: number, unit: string, bar: string, ok: boolean | null) => ({
    ...{ measure: `${name}: ${what}`, value: round(value, 2), unit, baseline: null, bar, ok },
  });
  const { firstJobSeconds, emptySeconds, mostWorkers } = run;
  const none = (what: string, value: number, unit: string) =>
    measure(what, value, unit, '0', value === 0);
  return [
    measure(
      'first order to the first job begun, no worker before',
      firstJobSeconds,
      's',
      `at most ${firstJobBar}`,
      firstJobSeconds <= firstJobBar,
    ),
    measure('workers at most', mostWorkers, 'workers', 'over 1', mostWorkers > 1),
    measure('end of the last order to no worker', emptySeconds, 's', 'under 60', emptySeconds < 60),
    none('attempts beyond one a job', run.repeated, 'attempts'),
    none('workers stopped by anybody', run.stopped, 'workers'),
    none('orders lost', run.lost, 'orders'),
    measure('the flood', run.floodSeconds, 's', 'reported', null),
  ];
}

export default async function run(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args,
    options: {
      orders: { type: 'string', default: '200' },
      where: { type: 'string', default: 'standalone,compose' },
      port: { type: 'string', default: '18490' },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'spillway-scale-'));
  const clip = await openAsBlob(await makeClip({ folder }));
  const open: Readonly<Record<string, () => Promise<Place>>> = {
    standalone: () => standalone(join(folder, 'data')),
    compose: () => compose(Number(values.port)),
  };
  const measures: Measure[] = [];
  try {
    for (const where of values.where.split(',')) {
      const place = await open[where]?.();
      if (!place) throw new Error(`--where: ${Object.keys(open).join(', ')}`);
      try {
        measures.push(...measuresOf(place, await floodOf(place, clip, Number(values.orders))));
      } finally {
        await place.close();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { name: 'autoscale-real', measures };
}
