import { availableParallelism, hostname } from 'node:os';
import { encodeQueues, INGEST_JOBS } from '@spillway/contracts';
import { type Ffmpeg, findFfmpeg } from '@spillway/media';
import type { Messaging } from '@spillway/messaging';
import type { Egress, Logger, Running } from '@spillway/runtime';
import { type Buckets, type ObjectStore, openBuckets } from '@spillway/storage';
import type { Registry } from 'prom-client';
import { downloader } from './adapters/download.ts';
import { consumeJobs, type JobLane } from './adapters/jobs.ts';
import { checkLocalFile } from './adapters/local-file.ts';
import { MediaProcess } from './adapters/media-process/client.ts';
import { metricsObserver } from './adapters/metrics.ts';
import { ObjectServer } from './adapters/object-server.ts';
import { resultSender } from './adapters/results.ts';
import { openWorkFolder } from './adapters/work-folder.ts';
import { Worker } from './app/worker.ts';
import type { EncoderConfig } from './config.ts';

export { type EncoderConfig, readEncoderConfig } from './config.ts';

const MAX_RETRY_SECONDS = 300;

export interface VideoEncoderParts {
  readonly config: EncoderConfig;
  /** Its queues are declared. */
  readonly messaging: Messaging;
  readonly storage: ObjectStore;
  readonly egress: Egress;
  /** Of customers; default: all that the SDK's own credentials may use. */
  readonly buckets?: Buckets;
  /** Default: the one that `findFfmpeg` finds. */
  readonly ffmpeg?: Ffmpeg;
  readonly log: Logger;
  readonly registry: Registry;
}

/**
 * Starts a worker: encodes in as many slots as configured, downloads in a lane of their own. `close`
 * takes no more jobs, finishes what is nearly done and gives the rest back (law 4).
 */
export async function startVideoEncoder(parts: VideoEncoderParts): Promise<Running> {
  const { config, messaging, storage, egress, log, registry } = parts;
  const ffmpeg = parts.ffmpeg ?? (await findFfmpeg());
  const workFolder = await openWorkFolder(config.workDir);
  const { stallSeconds, mediaEnvironment: environment } = config;
  const media = new MediaProcess({
    ffmpeg,
    stallSeconds,
    workFolder: workFolder.path,
    environment,
  });
  const objects = new ObjectServer();
  const worker = new Worker({
    name: `${hostname()}/${process.pid}`,
    storage,
    media,
    download: downloader(egress, {
      maxBytes: config.sourceMaxBytes,
      timeoutSeconds: config.ingestTimeoutSeconds,
    }),
    sendResult: resultSender(messaging),
    observer: metricsObserver(registry, { encode: config.slots, ingest: config.ingestSlots }),
    cancelPollSeconds: config.cancelPollSeconds,
    checkLocalFile: config.allowFileSources ? checkLocalFile : null,
    sourceMaxBytes: config.sourceMaxBytes,
    buckets: parts.buckets ?? openBuckets(),
    lend: (object) => objects.lend(object),
    cores: availableParallelism(),
  });
  const backoff = { firstSeconds: config.jobRetrySeconds, maxSeconds: MAX_RETRY_SECONDS };
  const retries = { maxAttempts: config.jobAttempts, backoff };
  const lanes: JobLane[] = [
    { queues: encodeQueues, slots: config.slots, ...retries },
    { queues: [INGEST_JOBS], slots: config.ingestSlots, ...retries },
  ];
  const consumers = lanes.map((lane) => consumeJobs(messaging, worker, lane, log));
  log.info({ ffmpeg: ffmpeg.build, slots: config.slots }, 'encoder is ready');
  return {
    async close() {
      const graceSeconds = config.stopGraceSeconds;
      const stopped = consumers.map((consumer) => consumer.stop({ graceSeconds }));
      worker.stop(graceSeconds);
      await Promise.all(stopped);
      await media.close();
      await objects.close();
      await workFolder.remove();
    },
  };
}
