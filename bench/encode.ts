// A 60 s 720p source through the whole system against one bare ffmpeg with the same arguments, in turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { makeClip } from '@spillway/media/testing';
import { acceptedOrder, orderEnd } from '../test/support/orders.ts';
import { cpuSecondsOf, type SpillwayProcess, startSpillway } from '../test/support/spillway.ts';
import type { BenchResult } from './run.ts';
import { bareArguments } from './support/bare-ffmpeg.ts';
import { median, round } from './support/statistics.ts';

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

async function bare(clip: string, folder: string): Promise<Cost> {
  const { ffmpegPath, args } = await bareArguments(clip, folder);
  const cpuBefore = cpuSecondsOf(process.pid);
  const start = performance.now();
  const child = spawn(ffmpegPath, args, { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the bare ffmpeg failed (${code})`);
  return {
    wall: (performance.now() - start) / 1000,
    cpu: cpuSecondsOf(process.pid) - cpuBefore,
  };
}

async function pipeline(spillway: SpillwayProcess, clip: string): Promise<Cost> {
  const cpuBefore = spillway.cpuSeconds();
  const start = performance.now();
  const { id } = await acceptedOrder(spillway.url, { source: { url: pathToFileURL(clip).href } });
  const order = await orderEnd(spillway.url, id);
  if (order.status !== 'completed')
    throw new Error(`the order ${order.status}: ${order.error?.message}`);
  return {
    wall: (performance.now() - start) / 1000,
    cpu: spillway.cpuSeconds() - cpuBefore,
  };
}

export default async function run(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '3' } } });
  const folder = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const clip = await makeClip({ seconds: 60, width: 1280, height: 720, fps: 30, folder });
  const spillway = await startSpillway(join(folder, 'data'));
  const bares: Cost[] = [];
  const pipelines: Cost[] = [];
  try {
    for (let round = 0; round < Number(values.rounds); round += 1) {
      bares.push(await bare(clip, join(folder, `bare-${round}`)));
      pipelines.push(await pipeline(spillway, clip));
      console.error(`round ${round + 1}:`, { bare: bares.at(-1), pipeline: pipelines.at(-1) });
    }
  } finally {
    await spillway.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const compare = (what: keyof Cost, limit: number) => {
    const value = median(pipelines.map((cost) => cost[what]));
    const baseline = median(bares.map((cost) => cost[what]));
    return {
      measure: `${what} of a 60 s 720p source, order to completed`,
      value: round(value, 2),
      unit: 's',
      baseline: round(baseline, 2),
      bar: `at most ${limit} of the baseline`,
      ok: value <= limit * baseline,
    };
  };
  return { name: 'encode', measures: [compare('cpu', 1.05), compare('wall', 1.1)] };
}
