import { type Environment, readConfig } from '@spillway/runtime';
import * as z from 'zod';

const Settings = z.object({
  SPILLWAY_DOCKER_SOCKET: z.string().default('/var/run/docker.sock'),
  SPILLWAY_DOCKER_TEMPLATE: z.string(),
});

export interface DockerConfig {
  /** Of the Engine API. */
  readonly socketPath: string;
  /** Name of a container, running or not, that workers are made like. */
  readonly template: string;
}

/** Throws `ConfigError`. */
export function readDockerConfig(environment?: Environment): DockerConfig {
  const settings = readConfig(Settings, environment);
  return {
    socketPath: settings.SPILLWAY_DOCKER_SOCKET,
    template: settings.SPILLWAY_DOCKER_TEMPLATE,
  };
}
