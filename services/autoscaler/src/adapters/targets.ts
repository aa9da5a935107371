import type { Environment, Logger } from '@spillway/runtime';
import type { Registry } from 'prom-client';
import type { OpenTarget, WorkerTarget } from '../app/ports.ts';
import type { TargetName } from '../config.ts';

/** Each is loaded when it is chosen: the SDK of one place is not in the memory of another. */
const openers: Record<TargetName, () => Promise<OpenTarget>> = {
  docker: async () => (await import('./docker/index.ts')).openDockerTarget,
  ecs: async () => (await import('./ecs/index.ts')).openEcsTarget,
  kubernetes: async () => (await import('./kubernetes/index.ts')).openKubernetesTarget,
  keda: async () => (await import('./kubernetes/index.ts')).openKedaTarget,
};

/** Throws `ConfigError`. */
export const openTarget = async (
  name: TargetName,
  environment: Environment,
  log: Logger,
  registry: Registry,
): Promise<WorkerTarget> => (await openers[name]())(environment, log, registry);
