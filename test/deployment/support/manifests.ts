import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { ROOT } from './programs.ts';

const run = promisify(execFile);

const Labels = z.record(z.string(), z.string()).default({});

/** What the tests look at; the types of Kubernetes look at the rest. */
const KubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: Labels, namespace: z.string().optional() }),
});
export type KubernetesObject = z.output<typeof KubernetesObject>;

/** Runs whichever of the two is installed; null: neither is. */
export async function findKustomize(): Promise<((folder: string) => Promise<string>) | null> {
  const ways = [
    { command: 'kubectl', build: ['kustomize'], test: ['version', '--client'] },
    { command: 'kustomize', build: ['build'], test: ['version'] },
  ];
  for (const { command, build, test } of ways) {
    const works = await run(command, test).catch(() => null);
    if (!works) continue;
    const options = { maxBuffer: 32 * 1024 ** 2 };
    return async (folder) => (await run(command, [...build, folder], options)).stdout;
  }
  return null;
}

export const parseManifests = (text: string): readonly KubernetesObject[] =>
  parseAllDocuments(text).map((document) => KubernetesObject.parse(document.toJS()));

/** A folder whose kustomization puts an overlay and components together. */
export async function combined(overlay: string, components: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-k8s-'));
  const from = (path: string) => relative(folder, join(ROOT, 'k8s', path));
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: 'spillway',
    resources: [from(`overlays/${overlay}`)],
    components: components.map((name) => from(`components/${name}`)),
    // As an overlay of one's own would: names with a hash change once more.
    configMapGenerator: [
      { name: 'common-settings', behavior: 'merge', literals: ['SPILLWAY_LOG_LEVEL=warn'] },
    ],
  };
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
  return folder;
}

/** Where the types of an object are. */
function moduleOf(apiVersion: string): string {
  if (apiVersion.startsWith('keda.sh/')) return `@kubernetes-models/keda/${apiVersion}`;
  if (apiVersion.startsWith('monitoring.')) {
    return `@kubernetes-models/prometheus-operator/${apiVersion}`;
  }
  return `kubernetes-models/${apiVersion}`;
}

const STRICT = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024'],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  files: ['objects.ts'],
};

/**
 * What TypeScript says of the objects, as values of the types that are made from Kubernetes' own schema: a field
 * that is misspelt, missing or of the wrong kind is an error of its.
 */
export async function typeErrors(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-types-'));
  try {
    const lines = objects.map((object, index) => {
      const type = `import('${moduleOf(object.apiVersion)}').I${object.kind}`;
      return `export const object${index}: ${type} = ${JSON.stringify(object)};`;
    });
    await writeFile(join(folder, 'objects.ts'), lines.join('\n'));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(STRICT));
    await writeFile(join(folder, 'package.json'), '{"type": "module"}');
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const output = await run(tsc, ['-p', folder, '--pretty', 'false']).then(
      ({ stdout }) => stdout,
      (error: { stdout?: string }) => error.stdout ?? String(error),
    );
    const named = (line: string): string =>
      line.replace(/^.*objects\.ts\((\d+),\d+\)/, (_, row: string) => {
        const object = objects[Number(row) - 1];
        return `${object?.kind} ${object?.metadata.name}`;
      });
    return output.split('\n').filter(Boolean).map(named);
  } finally {
    await rm(folder, { recursive: true });
  }
}
