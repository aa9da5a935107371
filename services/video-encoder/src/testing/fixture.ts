import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { JobResult } from '@spillway/contracts';
import { createLogger } from '@spillway/runtime';
import { type ObjectStore, openStorage } from '@spillway/storage';
import type { AttemptEnd, Media } from '../app/ports.ts';
import { type JobDelivery, Worker, type WorkerParts } from '../app/worker.ts';
import { encoded, report, source } from './samples.ts';

/** A worker without a broker and without ffmpeg, on a real object store. */
export interface Fixture {
  readonly storage: ObjectStore;
  readonly results: JobResult[];
  readonly ends: AttemptEnd[];
  /** Names of the attempts whose work files were removed. */
  readonly removed: string[];
  /** Its signal is the delivery's. */
  readonly abort: AbortController;
  media(more?: Partial<Media>): Media;
  worker(more?: Partial<WorkerParts>): Worker;
  delivery(more?: Partial<JobDelivery>): JobDelivery;
  keys(): Promise<string[]>;
  close(): Promise<void>;
}

const log = createLogger('test', 'silent');

export async function openFixture(): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-worker-'));
  const storage = await openStorage(`file://${folder}`);
  const results: JobResult[] = [];
  const ends: AttemptEnd[] = [];
  const removed: string[] = [];
  const abort = new AbortController();
  const remove = (name: string) => async () => void removed.push(name);
  const media = (more: Partial<Media> = {}): Media => ({
    build: 'ffmpeg version test',
    inspect: async () => source,
    verifyCut: async ({ plan }) => ({ plan: { ...plan, prerollSeconds: 3 } }),
    encodeWhole: async ({ name }) => ({ ...encoded, remove: remove(name) }),
    async encodeChunk({ onFile }) {
      await onFile({ name: '180p/init.mp4', data: Buffer.from('init') });
      await onFile({ name: '180p/00001.m4s', data: Buffer.from('segment') });
      return { report: report(), warnings: ['a warning'], cpuSeconds: 2, log: [] };
    },
    encodeAudio: () => Promise.reject(new Error('the source has no sound')),
    joinMp4: () => Promise.reject(new Error('no MP4 was ordered')),
    open: async (file) => (file.from === 'memory' ? file.data : Buffer.alloc(0)),
    ...more,
  });
  return {
    ...{ storage, results, ends, removed, abort, media },
    worker: (more) =>
      new Worker({
        name: 'host/1',
        storage,
        media: media(),
        download: () => Readable.from([Buffer.from('the source')]),
        sendResult: async (result) => void results.push(result),
        observer: {
          offers: () => () => {},
          began() {},
          ended: (_kind, end) => void ends.push(end),
          usedCpu() {},
          moved() {},
        },
        cancelPollSeconds: 0.01,
        checkLocalFile: async () => {},
        sourceMaxBytes: 1e9,
        buckets: () => {
          throw new Error('no order names a bucket');
        },
        lend: () => Promise.reject(new Error('the store keeps files')),
        cores: 2,
        ...more,
      }),
    delivery: (more) => ({
      lastAttempt: false,
      ageSeconds: 0,
      traceparent: undefined,
      signal: abort.signal,
      log,
      ...more,
    }),
    keys: async () =>
      (await Readable.from(storage.list('')).toArray()).map(({ key }) => key).sort(),
    close: () => rm(folder, { recursive: true }),
  };
}
