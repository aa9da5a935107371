import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { TEMPLATE_LABEL } from '../../services/autoscaler/src/adapters/kubernetes/objects.ts';
import { type Resource, renderTemplate } from '../ecs/template.ts';
import { alertsOfKubernetes } from './support/alerts.ts';
import {
  combined,
  findKustomize,
  type KubernetesObject,
  parseManifests,
  typeErrors,
} from './support/manifests.ts';
import { environmentOf, podsOf } from './support/pods.ts';
import { ROOT, readAs, unreadSettings } from './support/programs.ts';

const kustomize = await findKustomize();

/** What docs/deploy-eks.md tells to put into the Secret. */
const GIVEN = {
  DATABASE_URL: 'postgres://spillway@db.example.com/spillway?sslmode=verify-full',
  SPILLWAY_SECRET: 'a'.repeat(64),
  SPILLWAY_ADMIN_KEY: 'b'.repeat(64),
};

const PROGRAMS = new Set(['order-api', 'video-encoder', 'notifier', 'autoscaler']);

const of = (objects: readonly KubernetesObject[], kind: string): readonly KubernetesObject[] =>
  objects.filter((object) => object.kind === kind);

const find = (objects: readonly KubernetesObject[], kind: string, name: string) => {
  const found = of(objects, kind).find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};

const matches = (labels: Record<string, string>, selected: Record<string, string>): boolean =>
  Object.entries(selected).every(([key, value]) => labels[key] === value);

/** Every `matchLabels` and `In` of our programs' names, wherever in the object. */
function selectedNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { key, values } = value as { key?: string; values?: string[] };
  if (key === 'app.kubernetes.io/name' && values) return values;
  return Object.entries(value).flatMap(([name, within]) =>
    name === 'app.kubernetes.io/name' && typeof within === 'string'
      ? [within]
      : selectedNames(within),
  );
}

function testManifests(name: string, overlay: string, components: readonly string[]): void {
  describe(name, () => {
    let objects: readonly KubernetesObject[];
    beforeAll(async () => {
      const folder = await combined(overlay, components);
      objects = parseManifests((await kustomize?.(folder)) ?? '');
      await rm(folder, { recursive: true });
    });

    test('every field is one that Kubernetes knows', async () => {
      expect(objects.length).toBeGreaterThan(20);
      expect(await typeErrors(objects)).toEqual([]);
    });

    test('every pod may do its own work and nothing else', () => {
      for (const { owner, template } of podsOf(objects)) {
        const { spec } = template;
        expect({ owner, ...spec }).toMatchObject({
          owner,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        });
        for (const forbidden of ['hostNetwork', 'hostPID', 'hostIPC', 'initContainers']) {
          expect(spec).not.toHaveProperty(forbidden);
        }
        const account = of(objects, 'ServiceAccount').find(
          ({ metadata }) => metadata.name === spec.serviceAccountName,
        );
        const mounts = spec.automountServiceAccountToken ?? account?.automountServiceAccountToken;
        expect([owner, mounts !== false]).toEqual([owner, owner === 'Deployment autoscaler']);
      }
    });

    test('the Role of the autoscaler ends, changes and reads nothing that it need not', () => {
      const { rules } = find(objects, 'Role', 'autoscaler');
      for (const { verbs, resources } of rules as { verbs: string[]; resources: string[] }[]) {
        expect(['get', 'list', 'create']).toEqual(expect.arrayContaining(verbs));
        expect(['cronjobs', 'jobs', 'pods', 'events']).toEqual(expect.arrayContaining(resources));
      }
    });

    test('every setting is one that its program reads, and can use', async () => {
      const seen = new Set<string>();
      for (const pods of podsOf(objects)) {
        const [{ name: program }] = pods.template.spec.containers;
        if (!PROGRAMS.has(program)) continue;
        seen.add(program);
        const environment = environmentOf(pods, objects, GIVEN);
        // The image listens for others (services/*/Dockerfile).
        readAs(program, { SPILLWAY_HOST: '0.0.0.0', ...environment });
        expect([program, unreadSettings(program, Object.keys(environment))]).toEqual([program, []]);
      }
      expect(seen).toEqual(PROGRAMS);
    });

    test('a stop is given more time than the program takes', () => {
      for (const pods of podsOf(objects)) {
        const environment = environmentOf(pods, objects, GIVEN);
        const grace = Number(environment.SPILLWAY_STOP_GRACE_SECONDS ?? 20);
        const given = pods.template.spec.terminationGracePeriodSeconds ?? 30;
        expect([pods.owner, given > grace]).toEqual([pods.owner, true]);
      }
    });

    test('what selects pods finds some, and named ports are there', () => {
      const pods = podsOf(objects);
      const names = new Set(
        pods.map(({ template }) => template.metadata.labels['app.kubernetes.io/name']),
      );
      for (const kind of ['NetworkPolicy', 'PodDisruptionBudget', 'Service']) {
        for (const { metadata, spec } of of(objects, kind)) {
          for (const name of selectedNames(spec)) {
            expect([kind, metadata.name, name, names.has(name)]).toEqual([
              kind,
              metadata.name,
              name,
              true,
            ]);
          }
        }
      }
      for (const service of of(objects, 'Service')) {
        const { selector, ports } = service.spec as {
          selector: Record<string, string>;
          ports: { targetPort: string }[];
        };
        const offered = pods
          .filter(({ template }) => matches(template.metadata.labels, selector))
          .flatMap(({ template }) => template.spec.containers[0].ports.map(({ name }) => name));
        expect(offered).toEqual(expect.arrayContaining(ports.map(({ targetPort }) => targetPort)));
      }
    });
  });
}

if (kustomize === null) {
  test.skip('The manifests of k8s/ are left out: neither kubectl nor kustomize is installed', () => {});
} else {
  testManifests('k8s/overlays/local', 'local', []);
  testManifests('k8s/overlays/local-rabbitmq', 'local-rabbitmq', []);
  testManifests('k8s/overlays/eks with KEDA and the Prometheus operator', 'eks', [
    'keda',
    'monitoring',
  ]);

  test('a misspelt field is found, however deep, and so is a wrong kind of value', async () => {
    const broken = parseManifests(
      (await kustomize(join(ROOT, 'k8s/base')))
        .replace('readOnlyRootFilesystem', 'readOnlyRootFileSystem')
        .replace('ttlSecondsAfterFinished: 120', 'ttlSecondsAfterFinished: soon')
        .replace('scaleTargetRef:', 'scaleTarget:'),
    );
    const errors = (await typeErrors(broken)).join('\n');
    expect(errors).toContain(`'"readOnlyRootFileSystem"' does not exist`);
    expect(errors).toContain("'string' is not assignable to type 'number'");
    expect(errors).toContain(`'"scaleTarget"' does not exist`);
  });

  test('a worker that is made by hand is one that the autoscaler counts', async () => {
    const objects = parseManifests(await kustomize(join(ROOT, 'k8s/overlays/local')));
    const { jobTemplate } = find(objects, 'CronJob', 'video-encoder').spec as {
      jobTemplate: { metadata: object; spec: { template: object } };
    };
    const labels = { [TEMPLATE_LABEL]: 'video-encoder' };
    expect(jobTemplate).toMatchObject({
      metadata: { labels },
      spec: { template: { metadata: { labels } } },
    });
  });

  test('KEDA makes its Jobs of the template that the autoscaler would make them of', async () => {
    const folder = await combined('eks', ['keda']);
    const objects = parseManifests(await kustomize(folder));
    await rm(folder, { recursive: true });
    const cronJob = find(objects, 'CronJob', 'video-encoder').spec as {
      jobTemplate: { spec: object };
    };
    const scaledJob = find(objects, 'ScaledJob', 'video-encoder').spec as { jobTargetRef: object };
    expect(scaledJob.jobTargetRef).toEqual(cronJob.jobTemplate.spec);
  });
}

test('a setting that was renamed or is of another program is found', () => {
  const names = ['STORAGE_URL', 'AWS_REGION', 'SPILLWAY_ENCODER_SLOT', 'DATABASE_URL'];
  expect(unreadSettings('video-encoder', names)).toEqual(['SPILLWAY_ENCODER_SLOT', 'DATABASE_URL']);
});

test('the rules of the Prometheus operator are those of compose', async () => {
  const file = join(ROOT, 'k8s/components/monitoring/prometheus-rule.yaml');
  // If this fails: node test/deployment/copy-alerts.ts
  expect(parse(await readFile(file, 'utf8'))).toEqual(await alertsOfKubernetes());
});

test('on EKS a program may do on AWS what it may on ECS', () => {
  const parameters = {
    CustomerBucketArns: 'arn:aws:s3:::acme',
    SourceObjectArns: 'arn:aws:s3:::acme/in/*',
    DestinationObjectArns: 'arn:aws:s3:::acme/out/*',
    KmsKeyArn: 'arn:key',
  };
  const onEcs = renderTemplate('services', parameters).resources;
  const onEks = renderTemplate('../k8s/aws/roles', parameters).resources;
  const rights = (resource: Resource | undefined) => {
    const { AssumeRolePolicyDocument, ...rest } = resource?.Properties ?? {};
    return rest;
  };
  for (const name of ['StoragePolicy', 'QueuesPolicy', 'ApiRole', 'EncoderRole', 'NotifierRole']) {
    expect([name, rights(onEks[name])]).toEqual([name, rights(onEcs[name])]);
    expect(rights(onEks[name])).not.toEqual({});
  }
});
