import type { Environment, Logger } from '@spillway/runtime';
import type { OpenTarget, WorkerTarget } from '../app/ports.ts';
import type { TargetName } from '../config.ts';

/** Each is loaded when it is chosen: the SDK of one place is not in the memory of another. */
const openers: Record<TargetName, () => Promise<OpenTarget>> = {
  docker: async () => (await import('./docker/index.ts')).openDockerTarget,
};

/** Throws `ConfigError`. */
export const openTarget = async (
  name: TargetName,
  environment: Environment,
  log: Logger,
): Promise<WorkerTarget> => (await openers[name]())(environment, log);
