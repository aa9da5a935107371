import type { Messaging } from '@spillway/messaging';
import type { Logger, Running } from '@spillway/runtime';
import type { Registry } from 'prom-client';
import { Api, ApiLease } from './adapters/api.ts';
import { metricsObserver } from './adapters/metrics.ts';
import { Autoscaler } from './app/autoscaler.ts';
import type { WorkerTarget } from './app/ports.ts';
import { Looker } from './app/sight.ts';
import type { AutoscalerConfig } from './config.ts';

export {
  type LocalWorker,
  ProcessTarget,
  type StartLocalWorker,
} from './adapters/process/index.ts';
export type { LaunchAnswer, Refusal, Worker, WorkerTarget } from './app/ports.ts';
export { type AutoscalerConfig, readAutoscalerConfig } from './config.ts';

export interface AutoscalerServiceParts {
  readonly config: AutoscalerConfig;
  /** Of order-api, and a key of the operator. */
  readonly api: { readonly url: string; readonly key: string };
  readonly messaging: Pick<Messaging, 'depth'>;
  readonly target: WorkerTarget;
  readonly log: Logger;
  readonly registry: Registry;
}

/** Launches workers on the target for the work that waits, until it is closed; the target stays open. */
export function startAutoscaler(parts: AutoscalerServiceParts): Running {
  const { config, messaging, target, log, registry } = parts;
  const api = new Api(parts.api.url, parts.api.key);
  const looker = new Looker({
    readBacklog: () => api.readBacklog(),
    depth: (queue) => messaging.depth(queue),
    log,
  });
  log.info({ ...config, target: target.name }, 'autoscaler');
  const lease = new ApiLease(api, log);
  const observer = metricsObserver(registry);
  return new Autoscaler({ settings: config, looker, target, lease, observer, log });
}
