// Two workers, each a process of one slot; every 20 s one of them is killed and another started.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeClip } from '@spillway/media/testing';
import { acceptedOrder, orderEnd } from '../../test/support/orders.ts';
import { cpuSecondsOf } from '../../test/support/spillway.ts';
import type { Options } from '../chunked.ts';
import type { Measure } from '../run.ts';
import { type OrderApiProcess, startOrderApiProcess } from '../support/start-order-api.ts';
import { round } from '../support/statistics.ts';

const SOURCE_SECONDS = 600;
const FRAMES_PER_SECOND = 30;
const KILL_EVERY_MS = 20_000;

function startWorker({ brokerUrl, objects }: OrderApiProcess, workDir: string): ChildProcess {
  const program = new URL('../../services/video-encoder/src/main.ts', import.meta.url);
  return spawn(process.execPath, [fileURLToPath(program)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      BROKER_URL: 'sqs:',
      AWS_ENDPOINT_URL_SQS: brokerUrl,
      AWS_ENDPOINT_URL_SNS: brokerUrl,
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
      STORAGE_URL: objects,
      SPILLWAY_ENCODER_SLOTS: '1',
      SPILLWAY_ALLOW_FILE_SOURCES: 'true',
      SPILLWAY_WORK_DIR: workDir,
      SPILLWAY_ADMIN_PORT: '0',
      SPILLWAY_LOG_LEVEL: 'error',
    },
  });
}

/** What the encodes under way have taken so far: all of it is lost with their worker. */
function runningEncodesCpuSeconds(worker: number): number {
  const childrenOf = (pid: number): number[] => {
    const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return listed === '' ? [] : listed.split(' ').map(Number);
  };
  const [media] = childrenOf(worker);
  if (media === undefined) return 0;
  return childrenOf(media).reduce((sum, encode) => sum + cpuSecondsOf(encode), 0);
}

async function kill(worker: ChildProcess): Promise<void> {
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}

interface Job {
  readonly attempts: readonly { readonly cpuSeconds: number | null; readonly status: string }[];
}

/** CPU of the attempts whose files the order uses. */
async function usedCpuSeconds(api: string, id: string): Promise<number> {
  const { jobs } = (await (await fetch(`${api}/v1/orders/${id}/jobs`)).json()) as { jobs: Job[] };
  return jobs
    .flatMap(({ attempts }) => attempts)
    .filter(({ status }) => status === 'succeeded')
    .reduce((sum, { cpuSeconds }) => sum + (cpuSeconds ?? 0), 0);
}

export async function killedWorkers({ folder }: Options): Promise<Measure[]> {
  const clip = await makeClip({
    ...{ seconds: SOURCE_SECONDS, width: 1280, height: 720, fps: FRAMES_PER_SECOND, folder },
  });
  const api = await startOrderApiProcess();
  const start = () => startWorker(api, join(folder, 'work'));
  const workers = [start(), start()];
  let lostCpuSeconds = 0;
  let kills = 0;
  const killer = setInterval(async () => {
    const place = kills % workers.length;
    const killed = workers[place];
    if (!killed?.pid) return;
    kills += 1;
    workers[place] = start();
    lostCpuSeconds += runningEncodesCpuSeconds(killed.pid);
    await kill(killed);
  }, KILL_EVERY_MS);
  try {
    const { id } = await acceptedOrder(api.url, { source: { url: pathToFileURL(clip).href } });
    const { status, renditions, error } = await orderEnd(api.url, id);
    clearInterval(killer);
    if (status !== 'completed') throw new Error(`the order ${status}: ${error?.message}`);
    const used = await usedCpuSeconds(api.url, id);
    const lost = lostCpuSeconds / (lostCpuSeconds + used);
    const frames = new Set(renditions.map((rendition) => rendition.frames));
    const planned = SOURCE_SECONDS * FRAMES_PER_SECOND;
    return [
      {
        measure: `work lost to ${kills} kills, one of two workers every 20 s, 10 min of 720p`,
        ...{ value: round(lost, 3), unit: 'of 1', baseline: null },
        ...{ bar: 'under 0.1', ok: lost < 0.1 },
      },
      {
        measure: 'frames of every rendition after the kills',
        ...{ value: [...frames][0] ?? 0, unit: 'frames', baseline: planned },
        ...{ bar: 'equal to the source', ok: frames.size === 1 && frames.has(planned) },
      },
    ];
  } finally {
    clearInterval(killer);
    await Promise.all(workers.map(kill));
    await api.stop();
  }
}
