// npm run bench -- broker [--endpoint URL] [--runs N] [--seconds N] [--only throughput|scale]
// Our broker against fauxqs and a bare node:http server: in turn, on the same cores as this client.
import { parseArgs } from 'node:util';
import { latencies } from './broker/latency.ts';
import { idleMeasure, millionMeasures } from './broker/scale.ts';
import { startTarget, type Target, type TargetName } from './broker/targets.ts';
import { batchRate, createQueue, fill, pairRate, sendRate } from './broker/throughput.ts';
import type { BenchResult, Measure } from './run.ts';
import { median, percentile, round } from './support/statistics.ts';

type Figure = 'send16' | 'send64' | 'pairs16' | 'batch16';

const figureNames: Record<Figure, string> = {
  send16: 'SendMessage, 16 connections',
  send64: 'SendMessage, 64 connections',
  pairs16: 'Receive+Delete pairs, 16 connections',
  batch16: 'SendMessageBatch of 10, 16 connections, messages',
};

const pairsAtMost = 25_000; // a second: enough messages for the fastest of the targets

async function figuresOf(
  target: Target,
  seconds: number,
): Promise<Partial<Record<Figure, number>>> {
  const { url, name } = target;
  const bare = name === 'bare';
  const queueUrl = bare ? `${url}/000000000000/bench` : await createQueue(url, `q${Date.now()}`);
  const send16 = await sendRate(url, queueUrl, 16, seconds);
  const send64 = await sendRate(url, queueUrl, 64, seconds);
  if (bare) return { send16, send64 };
  const batch16 = await batchRate(url, queueUrl, 16, seconds);
  const slow = name === 'fauxqs-sqlite';
  await fill(url, queueUrl, (slow ? 0.2 : 1) * pairsAtMost * seconds);
  return { send16, send64, batch16, pairs16: await pairRate(url, queueUrl, 16, seconds) };
}

type Runs = Map<string, Partial<Record<Figure, number>>[]>;

function middle(runs: Runs, name: string, figure: Figure): number {
  return median((runs.get(name) ?? []).map((run) => run[figure] ?? Number.NaN));
}

function against(runs: Runs, figure: Figure, other: TargetName, factor: number): Measure {
  const value = middle(runs, 'durable', figure);
  const baseline = middle(runs, other, figure);
  return {
    measure: `${figureNames[figure]}, durable, against ${other}`,
    value: round(value),
    unit: '1/s',
    baseline: round(baseline),
    bar: `ratio >= ${factor}`,
    ok: value >= factor * baseline,
  };
}

function reported(runs: Runs, name: string): Measure[] {
  return (Object.keys(figureNames) as Figure[])
    .filter((figure) => !Number.isNaN(middle(runs, name, figure)))
    .map((figure) => ({
      measure: `${figureNames[figure]}, ${name}`,
      value: round(middle(runs, name, figure)),
      unit: '1/s',
      baseline: null,
      bar: 'reported',
      ok: null,
    }));
}

async function throughput(runCount: number, seconds: number): Promise<Measure[]> {
  const names: TargetName[] = ['durable', 'bare', 'fauxqs-sqlite', 'sync-off', 'fauxqs-memory'];
  const runs: Runs = new Map(names.map((name) => [name, []]));
  for (let run = 0; run < runCount; run += 1) {
    for (const name of names) {
      const target = await startTarget(name);
      runs.get(name)?.push(await figuresOf(target, seconds));
      await target.stop();
    }
  }
  return [
    against(runs, 'send16', 'fauxqs-sqlite', 4),
    against(runs, 'send64', 'bare', 0.6),
    against(runs, 'pairs16', 'fauxqs-sqlite', 5),
    against(runs, 'batch16', 'fauxqs-sqlite', 5),
    ...names.flatMap((name) => reported(runs, name)),
  ];
}

async function latencyMeasure(url: string): Promise<Measure> {
  const queueUrl = await createQueue(url, `latency-${Date.now()}`);
  const p99 = percentile(await latencies(url, queueUrl, 100, 10), 0.99);
  return {
    measure: 'send to receive by a waiting long poll, 100 messages/s, p99',
    value: round(p99),
    unit: 'ms',
    baseline: null,
    bar: '<= 10 ms',
    ok: p99 <= 10,
  };
}

async function ownLatency(): Promise<Measure> {
  const target = await startTarget('durable');
  const measure = await latencyMeasure(target.url);
  await target.stop();
  return measure;
}

/** Any SQS endpoint: figures without a baseline. */
async function endpointMeasures(url: string, seconds: number): Promise<Measure[]> {
  const nothing = async () => undefined;
  const target: Target = {
    ...{ name: 'endpoint', url, pid: undefined, folder: '' },
    ...{ kill: nothing, stop: nothing },
  };
  const runs: Runs = new Map([['endpoint', [await figuresOf(target, seconds)]]]);
  return [...reported(runs, 'endpoint'), { ...(await latencyMeasure(url)), ok: null }];
}

export default async function broker(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args,
    options: {
      endpoint: { type: 'string' },
      runs: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      only: { type: 'string' },
    },
  });
  const seconds = Number(values.seconds);
  const { endpoint, only } = values;
  if (endpoint !== undefined) {
    return { name: 'broker', measures: await endpointMeasures(endpoint, seconds) };
  }
  const measures: Measure[] = [];
  if (only !== 'scale') {
    measures.push(...(await throughput(Number(values.runs), seconds)), await ownLatency());
  }
  if (only !== 'throughput') {
    measures.push(...(await millionMeasures(seconds)), await idleMeasure(10));
  }
  return { name: 'broker', measures };
}
