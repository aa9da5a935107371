import { availableParallelism, hostname } from 'node:os';
import { encodeQueues, INGEST_JOBS, jobQueues } from '@spillway/contracts';
import { type Ffmpeg, findFfmpeg } from '@spillway/media';
import type { Messaging } from '@spillway/messaging';
import type { Egress, Logger, Running } from '@spillway/runtime';
import { type Buckets, type ObjectStore, openBuckets } from '@spillway/storage';
import { downloader } from './adapters/download.ts';
import { consumeJobs, type JobLane } from './adapters/jobs.ts';
import { checkLocalFile } from './adapters/local-file.ts';
import { MediaProcess } from './adapters/media-process/client.ts';
import { ObjectServer } from './adapters/object-server.ts';
import { resultSender } from './adapters/results.ts';
import { ScaleInProtection } from './adapters/scale-in-protection.ts';
import { openWorkFolder } from './adapters/work-folder.ts';
import { type IdleLimits, IdleTimer } from './app/idle.ts';
import type { Observer } from './app/ports.ts';
import { type Taking, takeProtected } from './app/protected.ts';
import { type JobDoer, Worker } from './app/worker.ts';
import type { EncoderConfig } from './config.ts';

export { metricsObserver } from './adapters/metrics.ts';
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
  /** Of the process: see `metricsObserver`. */
  readonly observer: Observer;
}

export interface VideoEncoder extends Running {
  /** Resolves when it takes no more jobs because it was idle for long, and has none in hand: time to close it. */
  readonly left: Promise<void>;
}

/**
 * Starts a worker: encodes in as many slots as configured, downloads in a lane of their own. `close`
 * takes no more jobs, finishes what is nearly done and gives the rest back (law 4).
 */
export async function startVideoEncoder(parts: VideoEncoderParts): Promise<VideoEncoder> {
  const { config, messaging, storage, egress, log, observer } = parts;
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
    observer,
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
  const withdraw = observer.offers({ encode: config.slots, ingest: config.ingestSlots });
  const taking = takeJobsAsSet(parts, worker, lanes);
  log.info({ ffmpeg: ffmpeg.build, slots: config.slots }, 'encoder is ready');
  return {
    left: taking.left,
    async close() {
      const graceSeconds = config.stopGraceSeconds;
      const stopped = taking.stop(graceSeconds);
      worker.stop(graceSeconds);
      await stopped;
      withdraw();
      await media.close();
      await objects.close();
      await workFolder.remove();
    },
  };
}

/** Nothing hurries a worker that leaves: what came at the last moment is done first. */
const UNHURRIED_SECONDS = 7 * 86_400;

type TakingParts = Pick<VideoEncoderParts, 'messaging' | 'log'>;

/** So long a protected worker may be idle before it can be scaled in. */
const PROTECTED_IDLE: IdleLimits = { idleSeconds: 20, leastLifeSeconds: 0 };
const LOOK_SECONDS = 2;
const REFUSED_SECONDS = 30;

/** Whether a job waits for any worker. What cannot be asked is asked again at the next look. */
const somethingWaits = async ({ messaging, log }: TakingParts): Promise<boolean> => {
  try {
    const depths = await Promise.all(jobQueues.map((queue) => messaging.depth(queue)));
    return depths.some(({ waiting }) => waiting > 0);
  } catch (err) {
    log.warn({ err }, 'cannot see whether a job waits');
    return false;
  }
};

/** As `takeJobs`, under protection where the settings say so. */
function takeJobsAsSet(
  parts: VideoEncoderParts,
  worker: Worker,
  lanes: readonly JobLane[],
): Taking {
  const { exitWhenIdle, protectionAgentUrl: agentUrl } = parts.config;
  if (agentUrl === null) return takeJobs(parts, worker, lanes, exitWhenIdle);
  return takeProtected({
    protection: new ScaleInProtection({ agentUrl, log: parts.log }),
    somethingWaits: () => somethingWaits(parts),
    begin: () => takeJobs(parts, worker, lanes, PROTECTED_IDLE),
    lookSeconds: LOOK_SECONDS,
    refusedSeconds: REFUSED_SECONDS,
  });
}

/** The lanes take jobs until they are stopped, or were idle for so long. */
function takeJobs(
  { messaging, log }: TakingParts,
  worker: Worker,
  lanes: readonly JobLane[],
  exitWhenIdle: IdleLimits | null,
): Taking {
  const idle = exitWhenIdle && new IdleTimer(exitWhenIdle);
  const doer: JobDoer = {
    run: (job, delivery) =>
      idle ? idle.during(() => worker.run(job, delivery)) : worker.run(job, delivery),
  };
  const consumers = lanes.map((lane) => consumeJobs(messaging, doer, lane, log));
  const stop = async (graceSeconds: number): Promise<void> => {
    idle?.stop();
    await Promise.all(consumers.map((consumer) => consumer.stop({ graceSeconds })));
  };
  const leave = async (): Promise<void> => {
    await idle?.isIdle;
    log.info(exitWhenIdle, 'takes no more jobs: there was none for so long');
    await stop(UNHURRIED_SECONDS);
  };
  return { left: idle ? leave() : new Promise(() => {}), stop };
}
