import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startBroker } from '@spillway/broker';
import {
  JOB_RESULTS,
  type JobKind,
  JobResult,
  jobId,
  newOrderId,
  type Priority,
  queueOfJob,
  topology,
} from '@spillway/contracts';
import { type Ffmpeg, findFfmpeg } from '@spillway/media';
import { consume, createSqsMessaging, jsonMessage, type Messaging } from '@spillway/messaging';
import { createEgress, createLogger, type Environment } from '@spillway/runtime';
import { type ObjectStore, openStorage } from '@spillway/storage';
import type { TestS3 } from '@spillway/storage/testing';
import { Registry } from 'prom-client';
import {
  metricsObserver,
  readEncoderConfig,
  startVideoEncoder,
  type VideoEncoder,
} from '../index.ts';

const execute = promisify(execFile);
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'us-east-1';

/** What a kind of job says beside the fields that all have. */
interface JobFields {
  readonly priority?: Priority;
  readonly [field: string]: unknown;
}

/** A broker, an object store and the coordinator's ear, for encoders to be started on. */
export interface Harness {
  readonly folder: string;
  readonly messaging: Messaging;
  readonly storage: ObjectStore;
  /** For an encoder that is a process of its own. */
  readonly environment: Environment;
  startEncoder(options?: {
    ffmpeg?: Ffmpeg;
    settings?: Record<string, string>;
  }): Promise<VideoEncoder>;
  /** Sends a job of a new order (or the given one) and returns the order's id. */
  order(kind: JobKind, more: JobFields, orderId?: string): Promise<string>;
  /** What was said of the order until now, progress left out. */
  results(orderId: string): JobResult[];
  /** Resolves with the first result of the order that is no progress. */
  end(orderId: string): Promise<JobResult>;
  keys(): Promise<string[]>;
  close(): Promise<void>;
}

/** With an S3 that has a bucket `media`, objects are kept there. */
export async function openHarness(s3?: TestS3): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-encoder-'));
  const broker = await startBroker({ dataDir: join(folder, 'broker') });
  const log = createLogger('test', 'silent');
  const messaging = createSqsMessaging({ endpoint: broker.url, region, credentials, log });
  await messaging.declare(topology);
  const storageUrl = `file://${folder}/store`;
  const storage = await (s3?.openStorage('media') ?? openStorage(storageUrl));
  const coordinator = listen(messaging);
  const egress = createEgress({ allow: ['127.0.0.1'] });
  const settings = {
    SPILLWAY_WORK_DIR: join(folder, 'work'),
    SPILLWAY_ALLOW_FILE_SOURCES: 'true',
    SPILLWAY_CANCEL_POLL_SECONDS: '0.05',
    SPILLWAY_JOB_RETRY_SECONDS: '0.1',
    SPILLWAY_STOP_GRACE_SECONDS: '1',
  };
  return {
    folder,
    messaging,
    storage,
    environment: {
      ...process.env,
      ...settings,
      BROKER_URL: 'sqs:',
      STORAGE_URL: storageUrl,
      SPILLWAY_ADMIN_PORT: '0',
      AWS_ENDPOINT_URL_SQS: broker.url,
      AWS_ENDPOINT_URL_SNS: broker.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    startEncoder: ({ ffmpeg, settings: more } = {}) => {
      const config = readEncoderConfig({ ...process.env, ...settings, ...more });
      const observer = metricsObserver(new Registry());
      const parts = { config, messaging, storage, egress, log, observer };
      const buckets = s3 && { buckets: s3.buckets };
      return startVideoEncoder({ ...parts, ...buckets, ...(ffmpeg && { ffmpeg }) });
    },
    async order(kind, { priority = 'normal', ...more }, orderId = newOrderId()) {
      const fields = { schemaVersion: 1, jobId: jobId(orderId, kind), orderId, kind };
      const rest = { customerId: 'c', index: 0, priority, estimateSeconds: null };
      const job = { ...fields, ...rest, ...more };
      await messaging.send(queueOfJob(kind, priority), [jsonMessage(job)]);
      return orderId;
    },
    ...coordinator,
    keys: async () => (await Readable.from(storage.list('')).toArray()).map(({ key }) => key),
    async close() {
      await messaging.close();
      await egress.close();
      await broker.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listen(messaging: Messaging): Pick<Harness, 'results' | 'end'> {
  const heard: JobResult[] = [];
  let waiting: (() => void)[] = [];
  consume(messaging, {
    queues: [JOB_RESULTS],
    schema: JobResult,
    concurrency: 4,
    leaseSeconds: 30,
    maxAttempts: 1,
    backoff: { firstSeconds: 1, maxSeconds: 1 },
    log: createLogger('test', 'silent'),
    async handle(result) {
      heard.push(result);
      for (const resolve of waiting.splice(0)) resolve();
    },
  });
  const results = (orderId: string) =>
    heard.filter((result) => result.orderId === orderId && result.status !== 'progress');
  return {
    results,
    async end(orderId) {
      for (;;) {
        const [first] = results(orderId);
        if (first) return first;
        await new Promise<void>((resolve) => {
          waiting = [...waiting, resolve];
        });
      }
    },
  };
}

/** An ffmpeg that runs a script of ours first; `$real` is the one it stands before. */
export async function scriptedFfmpeg(folder: string, script: string): Promise<Ffmpeg> {
  const real = await findFfmpeg();
  // Not by its name: the script may stand first on the path.
  const { stdout } = await execute('sh', ['-c', `command -v ${real.ffmpegPath}`]);
  const path = join(await mkdtemp(join(folder, 'bin-')), 'ffmpeg');
  await writeFile(path, `#!/bin/sh\nreal=${stdout.trim()}\n${script}\n`);
  await chmod(path, 0o755);
  return { ...real, ffmpegPath: path };
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Waits until the condition holds; fails by the test's own time-out. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await wait(20);
}

/** The content once the file is there and holds a whole line. */
export async function lineOf(path: string): Promise<string> {
  let text = '';
  await until(async () => {
    text = await readFile(path, 'utf8').catch(() => '');
    return text.endsWith('\n');
  });
  return text.trim();
}
