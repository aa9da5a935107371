import type { InspectedContainer } from './engine.ts';

/** Whose workers they are: the name of the container that they are made like. */
export const WORKER_LABEL = 'spillway.worker-of';

/** What is the template container's own: the engine gives each worker another. */
const OWN_CONFIG = ['Hostname', 'Domainname', 'MacAddress'];
const OWN_HOST_CONFIG = ['ContainerIDFile', 'Links'];

const without = (fields: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/**
 * The request that creates a worker like the template: its image, environment, volumes, networks,
 * limits and hardening, whatever they are. It is never started again when it has ended, and publishes no port.
 */
export function workerLike(template: InspectedContainer, templateName: string): object {
  const { Config, HostConfig, NetworkSettings } = template;
  const labels = Config.Labels ?? {};
  return {
    ...without(Config, OWN_CONFIG),
    Labels: {
      // Those of compose too: to it a worker is one more container of the service, which `down` takes along.
      ...labels,
      [WORKER_LABEL]: templateName,
    },
    HostConfig: {
      ...without(HostConfig, OWN_HOST_CONFIG),
      RestartPolicy: { Name: 'no' },
      PortBindings: {},
      AutoRemove: false,
    },
    NetworkingConfig: {
      // No aliases: a worker is asked by nobody.
      EndpointsConfig: Object.fromEntries(
        Object.keys(NetworkSettings.Networks).map((network) => [network, {}]),
      ),
    },
  };
}
