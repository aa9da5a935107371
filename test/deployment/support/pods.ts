import * as z from 'zod';
import type { KubernetesObject } from './manifests.ts';

const Reference = z.object({ name: z.string(), key: z.string(), optional: z.boolean().optional() });
const Resources = z.object({ cpu: z.string(), memory: z.string() });
const NamedReference = z.object({ name: z.string(), optional: z.boolean().optional() });

const Container = z.looseObject({
  name: z.string(),
  image: z.string(),
  resources: z.object({ requests: Resources, limits: Resources }),
  ports: z.array(z.looseObject({ name: z.string(), containerPort: z.number() })).default([]),
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: z.object({ secretKeyRef: Reference }).optional(),
      }),
    )
    .default([]),
  envFrom: z
    .array(
      z.object({ configMapRef: NamedReference.optional(), secretRef: NamedReference.optional() }),
    )
    .default([]),
});

const PodTemplate = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({
    containers: z.tuple([Container]),
    serviceAccountName: z.string().optional(),
    automountServiceAccountToken: z.boolean().optional(),
    terminationGracePeriodSeconds: z.number().optional(),
  }),
});

export interface Pods {
  readonly owner: string;
  readonly template: z.output<typeof PodTemplate>;
}

/** Where each kind has its pods' template. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  ScaledJob: ['spec', 'jobTargetRef', 'template'],
};

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((within, name) => (within as Record<string, unknown>)[name], value);

export const podsOf = (objects: readonly KubernetesObject[]): readonly Pods[] =>
  objects.flatMap((object) => {
    const path = TEMPLATES[object.kind];
    if (!path) return [];
    const owner = `${object.kind} ${object.metadata.name}`;
    return [{ owner, template: PodTemplate.parse(at(object, path)) }];
  });

const Data = z.looseObject({
  data: z.record(z.string(), z.string()).default({}),
});

/** What a container's environment will be; a secret that is not in the manifests is `given` by its name and key. */
export function environmentOf(
  { template }: Pods,
  objects: readonly KubernetesObject[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const dataOf = (kind: string, name: string, optional = false): Record<string, string> | null => {
    const object = objects.find((one) => one.kind === kind && one.metadata.name === name);
    if (!object && !optional) return null;
    const { data } = Data.parse(object ?? {});
    const plain = (text: string) =>
      kind === 'Secret' ? Buffer.from(text, 'base64').toString() : text;
    return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, plain(text)]));
  };
  const [container] = template.spec.containers;
  const environment: Record<string, string> = {};
  for (const { configMapRef, secretRef } of container.envFrom) {
    const kind = configMapRef ? 'ConfigMap' : 'Secret';
    const { name = '', optional } = configMapRef ?? secretRef ?? {};
    const data = dataOf(kind, name, optional);
    if (!data) throw new Error(`${container.name} reads ${kind} ${name}, which is not there`);
    Object.assign(environment, data);
  }
  for (const { name, value, valueFrom } of container.env) {
    const { name: secret = '', key = '', optional = false } = valueFrom?.secretKeyRef ?? {};
    const known = value ?? dataOf('Secret', secret)?.[key] ?? given[key];
    if (known !== undefined) environment[name] = known;
    else if (!optional)
      throw new Error(`${container.name} reads ${secret}/${key}, which is not there`);
  }
  return environment;
}
