// 1000 orders of one-second clips, all posted at once, against `xargs -P <cores>` of bare ffmpeg that
// makes the same outputs with the same arguments: in turn, on the same cores.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { makeClip } from '@spillway/media/testing';
import { startSpillway } from '../test/support/spillway.ts';
import type { BenchResult, Measure } from './run.ts';
import { bareArguments } from './support/bare-ffmpeg.ts';
import { CONNECTIONS, type Flood, flood } from './support/flood.ts';
import { median, percentile, round } from './support/statistics.ts';

async function floodOf(clips: readonly string[], folder: string): Promise<Flood> {
  const spillway = await startSpillway(folder, { SPILLWAY_LOG_LEVEL: 'warn' });
  try {
    const bodies = clips.map((clip) =>
      JSON.stringify({ source: { url: pathToFileURL(clip).href } }),
    );
    return await flood(spillway.url, bodies);
  } finally {
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
      rounds: { type: 'string', default: '5' },
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
      floods.push(await floodOf(clips, join(folder, `flood-${round}`)));
      console.error(
        `round ${round + 1}: bare ${bareSeconds.at(-1)} s, flood`,
        floods.at(-1)?.seconds,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { name: 'flood', measures: measuresOf(orders, floods, bareSeconds) };
}

function measuresOf(
  orders: number,
  floods: readonly Flood[],
  bareSeconds: readonly number[],
): Measure[] {
  const throughput = orders / median(floods.map(({ seconds }) => seconds));
  const baseline = orders / median(bareSeconds);
  // By round: the machine's own speed drifts between them.
  const ratio = median(floods.map(({ seconds }, round) => (bareSeconds[round] ?? 0) / seconds));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const lost = sum(floods.map((one) => one.lost));
  const doubled = sum(floods.map((one) => one.doubled));
  const p99 = (values: readonly number[]) => round(percentile(values, 0.99), 1);
  const probeP99 = p99(floods.flatMap(({ probeMs }) => probeMs));
  const postP99 = p99(floods.flatMap(({ postMs }) => postMs));
  return [
    {
      measure: `throughput of ${orders} orders, posted at once, until none is open`,
      value: round(throughput, 2),
      unit: 'orders/s',
      baseline: round(baseline, 2),
      bar: 'at least 0.7 of the baseline, by the next line',
      ok: ratio >= 0.7,
    },
    {
      measure: "the same against the bare run of its round, median of the rounds' ratios",
      value: round(ratio, 3),
      unit: 'x',
      baseline: null,
      bar: 'at least 0.7',
      ok: ratio >= 0.7,
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
  ];
}
