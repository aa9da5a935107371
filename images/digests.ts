/** By service: where its image was pushed to, and its digest (`sha256:...`). */
export type Pushed = ReadonlyMap<string, { readonly name: string; readonly digest: string }>;

/** What ecs/ reads: `{"order-api": "registry/spillway/order-api@sha256:..."}`. */
export const digestsJson = (pushed: Pushed): string => {
  const images = [...pushed].map(([service, { name, digest }]) => [service, `${name}@${digest}`]);
  return `${JSON.stringify(Object.fromEntries(images), null, 2)}\n`;
};

/** What k8s/ reads: the names in the manifests stand for these. */
export const kustomizeComponent = (pushed: Pushed): string =>
  [
    '# Written by `npm run images -- --push REGISTRY`.',
    'apiVersion: kustomize.config.k8s.io/v1alpha1',
    'kind: Component',
    'images:',
    ...[...pushed].flatMap(([service, { name, digest }]) => [
      `  - name: spillway/${service}`,
      `    newName: ${name}`,
      `    digest: ${digest}`,
    ]),
    '',
  ].join('\n');
