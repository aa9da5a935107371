import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  type AutoscalerConfig,
  ProcessTarget,
  readAutoscalerConfig,
  startAutoscaler,
} from '@spillway/autoscaler';
import { jobQueues } from '@spillway/contracts';
import { findFfmpeg } from '@spillway/media';
import type { Messaging } from '@spillway/messaging';
import type { Environment, Running } from '@spillway/runtime';
import {
  type EncoderConfig,
  metricsObserver,
  readEncoderConfig,
  startVideoEncoder,
  type VideoEncoderParts,
} from '@spillway/video-encoder';
import type { Registry } from 'prom-client';

/**
 * One worker has the whole machine. Several share its cores, and cost nothing: they are launched for
 * whatever waits, at once.
 */
const defaults = {
  SPILLWAY_MIN_WORKERS: '1',
  SPILLWAY_MAX_WORKERS: '1',
  SPILLWAY_WAIT_TARGET_SECONDS: '1',
  SPILLWAY_START_SECONDS: '1',
  SPILLWAY_EXIT_WHEN_IDLE_SECONDS: '20',
};

/** Each has a folder of its own; those beyond the least number leave when they are idle. */
function workerConfig(
  environment: Environment,
  { minWorkers, maxWorkers, workerCores }: AutoscalerConfig,
  number: number,
): EncoderConfig {
  const slots = String(workerCores + 1);
  const config = readEncoderConfig({ SPILLWAY_ENCODER_SLOTS: slots, ...environment });
  if (maxWorkers === 1 && minWorkers === 1) return { ...config, exitWhenIdle: null };
  return {
    ...config,
    workDir: join(config.workDir, String(number)),
    exitWhenIdle: number > minWorkers ? config.exitWhenIdle : null,
  };
}

const queuesOfJobs: readonly string[] = jobQueues;

const hearingJobs = (messaging: Messaging, onJob: () => void): Messaging => ({
  declare: (topology) => messaging.declare(topology),
  send(queue, messages) {
    if (queuesOfJobs.includes(queue)) onJob();
    return messaging.send(queue, messages);
  },
  publish: (topic, messages) => messaging.publish(topic, messages),
  subscribe: (queues, options, onDelivery) => messaging.subscribe(queues, options, onDelivery),
  depth: (queue) => messaging.depth(queue),
  close: () => messaging.close(),
});

export interface WorkersParts extends Omit<VideoEncoderParts, 'config' | 'ffmpeg' | 'observer'> {
  readonly environment: Environment;
  readonly registry: Registry;
}

export interface Workers extends Running {
  /** The same, for whoever sends jobs: with the first job a worker is launched, where there is none. */
  heard(messaging: Messaging): Messaging;
  /** Launches more for what waits from now on, where the settings allow that; null where they do not. */
  follow(api: { readonly url: string; readonly key: string }): Running | null;
}

/** The least number of workers, in this process; one, where nothing else is set. */
export async function startWorkers(parts: WorkersParts): Promise<Workers> {
  const { messaging, log, registry } = parts;
  const observer = metricsObserver(registry);
  const given = { ...defaults, ...parts.environment };
  const cores = Math.ceil(availableParallelism() / Number(given.SPILLWAY_MAX_WORKERS));
  const environment = { SPILLWAY_WORKER_CORES: String(cores), ...given };
  const config = readAutoscalerConfig(environment);
  // Not by each worker: the first order waits for it, and without one there is none to start.
  const ffmpeg = await findFfmpeg();
  const target = new ProcessTarget(
    (number) =>
      startVideoEncoder({
        ...parts,
        ...{ ffmpeg, observer },
        config: workerConfig(environment, config, number),
      }),
    log,
  );
  const { launched } = await target.launch(config.minWorkers);
  if (launched < config.minWorkers) throw new Error('A worker did not start; the log says why.');
  // The plan would say so as well, at its next look.
  const launchFirst = () => void (target.isEmpty && target.launch(1));
  return {
    heard: (given) => (config.minWorkers === 0 ? hearingJobs(given, launchFirst) : given),
    follow: (api) =>
      config.maxWorkers > config.minWorkers
        ? startAutoscaler({ config, api, messaging, target, log, registry })
        : null,
    close: () => target.close(),
  };
}
