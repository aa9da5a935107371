// The real broker, database and coordinator; workers that only wait for as long as an encode would take.

import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  attemptPrefix,
  encodeQueues,
  JOB_RESULTS,
  Job,
  type JobResult,
  newAttemptId,
  type Outcome,
} from '@spillway/contracts';
import { sampleMedia, samplePlan } from '@spillway/contracts/testing';
import { makeClip } from '@spillway/media/testing';
import { createSqsMessaging, jsonMessage, type Messaging } from '@spillway/messaging';
import { createLogger } from '@spillway/runtime';
import { acceptedOrder, orderEnd } from '../../test/support/orders.ts';
import { cpuSecondsOf } from '../../test/support/spillway.ts';
import type { Options } from '../chunked.ts';
import type { Measure } from '../run.ts';
import { type OrderApiProcess, startOrderApiProcess } from '../support/start-order-api.ts';
import { round } from '../support/statistics.ts';

const CHUNKS = 720;
const CHUNK_FRAMES = 240;
const WORKERS = [1, 2, 4, 8, 16, 32, 64];
/** Of 720p, measured by the part `quality`: what ten seconds of film take of one core. */
const REAL_CHUNK_CPU_SECONDS = 3.6;
const LEAST_CHUNK_SECONDS = 0.2;
const LEAST_RUN_SECONDS = 15;

/** A run takes long enough to be measured, and a chunk stays far shorter than a real one. */
const chunkSecondsFor = (workers: number): number =>
  Math.max(LEAST_CHUNK_SECONDS, (LEAST_RUN_SECONDS * workers) / CHUNKS);

const plan = samplePlan({
  media: {
    ...sampleMedia,
    durationSeconds: 7200,
    audio: {
      ...{ streamIndex: 1, codec: 'aac', channels: 2, sampleRate: 48_000, startSeconds: 0 },
      ...{ endSeconds: 7200, language: null },
    },
  },
  frames: CHUNKS * CHUNK_FRAMES,
  gopFrames: CHUNK_FRAMES / 3,
  chunkFrames: CHUNK_FRAMES,
  video: [1080, 720, 480, 360, 240].map((lines) => ({
    name: `${lines}p`,
    ...{ width: Math.round((lines * 16) / 18) * 2, height: lines, crf: 23 },
    maxBitsPerSecond: 5_000_000,
  })),
  audio: { streamIndex: 1, channels: 2, sampleRate: 48_000, bitsPerSecond: 128_000 },
});

function outcomeOf(job: Job, prefix: string): Outcome {
  const warnings: string[] = [];
  switch (job.kind) {
    case 'ingest':
    case 'deliver':
      throw new Error('a file is not fetched, and nothing is delivered');
    case 'prepare':
      return { kind: 'plan', plan, warnings };
    case 'encode-chunk':
      return { kind: 'encode-chunk', prefix, codecs: { '240p': 'avc1.64001e' }, warnings };
    case 'encode-audio':
      return { kind: 'encode-audio', prefix, segments: 1, warnings };
    case 'package': {
      const output = { prefix, durationSeconds: 7200, renditions: [rendition] };
      return { kind: 'package', output, warnings };
    }
  }
}

const rendition = {
  ...{ name: '240p', width: 426, height: 240, frameRate: '24/1', codecs: 'avc1.64001e' },
  ...{ peakBitsPerSecond: 1, averageBitsPerSecond: 1, frames: 1, segments: 1, bytes: 1 },
};

/** One worker of one slot. */
function startWorker(messaging: Messaging, name: string, chunkSeconds: number) {
  return messaging.subscribe([...encodeQueues], { concurrency: 1 }, async (delivery) => {
    const job = Job.parse(JSON.parse(delivery.body));
    const attemptId = newAttemptId();
    const startedAt = new Date().toISOString();
    if (job.kind.startsWith('encode-')) await wait(chunkSeconds * 1000);
    const { orderId, jobId, kind, index, run } = job;
    const result: JobResult = {
      schemaVersion: 1,
      ...{ orderId, jobId, kind, index, run, attemptId, worker: name, startedAt },
      status: 'succeeded',
      endedAt: new Date().toISOString(),
      cpuSeconds: REAL_CHUNK_CPU_SECONDS,
      ffmpegBuild: 'simulated',
      outcome: outcomeOf(job, attemptPrefix(orderId, kind, index, attemptId)),
    };
    await messaging.send(JOB_RESULTS, [jsonMessage(result)]);
    await delivery.ack();
  });
}

interface Film {
  readonly seconds: number;
  /** Of the order API with its database and its broker. */
  readonly cpuSeconds: number;
}

async function film(api: OrderApiProcess, url: string, workers: number): Promise<Film> {
  const messaging = createSqsMessaging({
    endpoint: api.brokerUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    log: createLogger('bench', 'error', process.stderr),
  });
  const chunkSeconds = chunkSecondsFor(workers);
  for (let worker = 0; worker < workers; worker += 1) {
    startWorker(messaging, `worker ${worker}`, chunkSeconds);
  }
  const cpuBefore = cpuSecondsOf(api.pid);
  const { id } = await acceptedOrder(api.url, { source: { url } });
  const { status, createdAt, endedAt } = await orderEnd(api.url, id);
  if (status !== 'completed' || !endedAt) throw new Error(`the film ${status}`);
  const cpuSeconds = cpuSecondsOf(api.pid) - cpuBefore;
  await messaging.close();
  return { seconds: (Date.parse(endedAt) - Date.parse(createdAt)) / 1000, cpuSeconds };
}

export async function makespans({ folder }: Options): Promise<Measure[]> {
  const url = pathToFileURL(await makeClip({ folder })).href;
  const api = await startOrderApiProcess();
  const measures: Measure[] = [];
  let cpuSeconds = 0;
  try {
    for (const workers of WORKERS) {
      const one = await film(api, url, workers);
      // The sound is a job like the chunks.
      const work = (CHUNKS + 1) * chunkSecondsFor(workers);
      const efficiency = work / (workers * one.seconds);
      const bar = workers >= 64 ? 0.8 : workers >= 16 ? 0.9 : null;
      console.error({ workers, ...one, efficiency });
      if (workers === 16) cpuSeconds = one.cpuSeconds;
      measures.push({
        measure: `efficiency of ${workers} workers at a 2 h film in ${CHUNKS} chunks`,
        value: round(efficiency, 3),
        unit: 'of 1',
        baseline: null,
        bar: bar === null ? 'reported' : `at least ${bar}`,
        ok: bar === null ? null : efficiency >= bar,
      });
    }
  } finally {
    await api.stop();
  }
  const encode = CHUNKS * REAL_CHUNK_CPU_SECONDS;
  measures.push({
    measure: `cpu of the coordinator, its database and broker for ${CHUNKS} chunks of 720p`,
    value: round(cpuSeconds, 2),
    unit: 's',
    baseline: round(encode, 0),
    bar: 'under 0.01 of the baseline, the encode',
    ok: cpuSeconds < 0.01 * encode,
  });
  return measures;
}
