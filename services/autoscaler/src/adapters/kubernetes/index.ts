import type { OpenTarget } from '../../app/ports.ts';
import { readKubernetesConfig } from './config.ts';
import { KedaTarget } from './keda-target.ts';
import { KubernetesTarget } from './target.ts';

export const openKubernetesTarget: OpenTarget = async (environment, log, registry) =>
  new KubernetesTarget({ ...readKubernetesConfig(environment), log, registry });

export const openKedaTarget: OpenTarget = async (environment, log, registry) =>
  new KedaTarget({ ...readKubernetesConfig(environment), log, registry });
