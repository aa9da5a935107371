import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ConfigError, type Environment, Port, readConfig } from '@spillway/runtime';
import * as z from 'zod';
import type { ClusterAccess } from './api.ts';

const Settings = z.object({
  // Kubernetes gives these two to every pod.
  KUBERNETES_SERVICE_HOST: z.string(),
  KUBERNETES_SERVICE_PORT: Port,
  // Its name and a token make the names of Jobs, which have 63 characters at most.
  SPILLWAY_KUBERNETES_TEMPLATE: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/,
      'must be the name of a CronJob, of 40 characters',
    )
    .default('video-encoder'),
});

/** Where Kubernetes puts what a pod needs to speak to it. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface KubernetesConfig {
  readonly access: ClusterAccess;
  /** The CronJob (or, with KEDA, the ScaledJob) whose template workers are made of. */
  readonly template: string;
}

/** Of a program that runs in a pod. Throws `ConfigError`. */
export function readKubernetesConfig(
  environment?: Environment,
  account = ACCOUNT,
): KubernetesConfig {
  const settings = readConfig(Settings, environment);
  const host = settings.KUBERNETES_SERVICE_HOST;
  const url = `https://${host.includes(':') ? `[${host}]` : host}:${settings.KUBERNETES_SERVICE_PORT}`;
  try {
    return {
      access: {
        url,
        namespace: readFileSync(`${account}/namespace`, 'utf8').trim(),
        authority: readFileSync(`${account}/ca.crt`, 'utf8'),
        // Kubernetes puts another one there before it expires, after an hour by default.
        token: async () => (await readFile(`${account}/token`, 'utf8')).trim(),
      },
      template: settings.SPILLWAY_KUBERNETES_TEMPLATE,
    };
  } catch (error) {
    throw new ConfigError(
      `The pod has no token of a service account (automountServiceAccountToken): ${(error as Error).message}`,
    );
  }
}
