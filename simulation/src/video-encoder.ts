import { encodeQueues, INGEST_JOBS } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import { consumeJobs, type JobLane } from '../../services/video-encoder/src/adapters/jobs.ts';
import { resultSender } from '../../services/video-encoder/src/adapters/results.ts';
import type { EncoderPorts } from './ports.ts';

export interface EncoderSettings {
  readonly slots: number;
  readonly stopGraceSeconds: number;
}

/** Tries at a job whose failure may pass. */
export const JOB_ATTEMPTS = 3;
const BACKOFF = { firstSeconds: 2, maxSeconds: 300 };
export const CANCEL_POLL_SECONDS = 5;

export interface SimulatedEncoder {
  close(): Promise<void>;
}

/** The worker without ffmpeg and network: its own code on simulated ports, wired as its index.ts does. */
export function startEncoder(
  name: string,
  ports: EncoderPorts,
  { slots, stopGraceSeconds: graceSeconds }: EncoderSettings,
  log: Logger,
): SimulatedEncoder {
  const { messaging, storage, media, download } = ports;
  const worker = ports.worker({
    name,
    storage,
    media,
    download,
    sendResult: ports.sendResult(resultSender(messaging)),
    observer: { offers: () => () => {}, began() {}, ended() {}, usedCpu() {}, moved() {} },
    cancelPollSeconds: CANCEL_POLL_SECONDS,
    checkLocalFile: null,
    sourceMaxBytes: 1e12,
    buckets: () => {
      throw new Error('no simulated order names a bucket');
    },
    lend: () => Promise.reject(new Error('simulated objects are files')),
    cores: 1,
  });
  const retries = { maxAttempts: ports.maxAttempts, backoff: BACKOFF };
  const lanes: JobLane[] = [
    { queues: encodeQueues, slots, ...retries },
    { queues: [INGEST_JOBS], slots: 1, ...retries },
  ];
  const consumers = lanes.map((lane) => consumeJobs(messaging, worker, lane, log));
  return {
    async close() {
      const stopped = consumers.map((consumer) => consumer.stop({ graceSeconds }));
      worker.stop(graceSeconds);
      await Promise.all(stopped);
    },
  };
}
