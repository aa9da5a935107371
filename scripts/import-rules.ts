import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser';

// The directions of docs/architecture.md, held by a machine. scripts/check-imports.ts runs this and
// proves on a planted violation that it still bites.
const layer = (from: string, to: string): IForbiddenRuleType => ({
  name: `${from}-knows-no-${to}`,
  severity: 'error',
  comment: 'Inside a service: main -> adapters -> app -> domain.',
  from: { path: `^services/([^/]+)/src/${from}/`, pathNot: '\\.test\\.ts$' },
  to: { path: `^services/$1/src/${to}/` },
});

export const rules: IForbiddenRuleType[] = [
  {
    name: 'packages-know-no-service',
    severity: 'error',
    from: { path: '^packages/' },
    to: { path: '^services/' },
  },
  {
    name: 'services-never-import-each-other',
    severity: 'error',
    comment: 'They meet in contracts, over the broker. Only standalone puts them together.',
    from: { path: '^services/([^/]+)/', pathNot: '^services/standalone/' },
    to: { path: '^services/', pathNot: '^services/$1/' },
  },
  layer('domain', 'app'),
  layer('domain', 'adapters'),
  layer('app', 'adapters'),
  {
    name: 'domain-does-no-io',
    severity: 'error',
    comment: 'Law 8: domain code is functions.',
    from: { path: '^services/[^/]+/src/domain/', pathNot: '\\.test\\.ts$' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'domain-knows-only-what-does-no-io',
    severity: 'error',
    from: { path: '^services/[^/]+/src/domain/', pathNot: '\\.test\\.ts$' },
    to: { path: '^packages/', pathNot: '^packages/(contracts|media|scaling)/' },
  },
  {
    name: 'contracts-stand-alone',
    severity: 'error',
    from: { path: '^packages/contracts/', pathNot: '\\.test\\.ts$' },
    to: { path: '^packages/', pathNot: '^packages/contracts/' },
  },
  {
    name: 'broker-stands-alone',
    severity: 'error',
    comment: 'Useful to anyone alone: an embeddable library with no other package of ours.',
    from: { path: '^packages/broker/', pathNot: '\\.test\\.ts$' },
    to: { path: '^packages/', pathNot: '^packages/broker/' },
  },
  {
    name: 'nobody-knows-the-simulation',
    severity: 'error',
    from: { pathNot: '^simulation/' },
    to: { path: '^simulation/' },
  },
  {
    name: 'simulations-run-what-services-decide',
    severity: 'error',
    comment:
      'Use cases and domain code, and the adapters that know nothing but the messaging port.',
    from: { path: '^simulation/' },
    to: {
      path: '^services/',
      pathNot:
        '^services/(order-api|video-encoder)/src/(app|domain|adapters/(deliver|jobs|results)\\.ts)',
    },
  },
  {
    name: 'commands-ask-over-http',
    severity: 'error',
    comment: "The operator's commands are clients of the API like any other.",
    from: { path: '^cli/', pathNot: '\\.test\\.ts$' },
    to: { path: '^(services|simulation|packages/(?!client/|runtime/))' },
  },
  {
    name: 'workers-know-no-database',
    severity: 'error',
    comment: 'Law 3.',
    from: { path: '^services/(video-encoder|notifier|autoscaler)/' },
    to: { path: '^packages/database/' },
  },
  { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
];

export const options: IConfiguration['options'] = {
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules/(?!@spillway)' },
  exclude: { path: '(^|/)node_modules/(?!@spillway)' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'node', 'default'],
    extensions: ['.ts', '.js', '.mjs', '.json'],
  },
};
