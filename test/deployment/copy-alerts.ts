// Writes the alerts of compose/ as an object of the Prometheus operator. kubernetes.test.ts says when.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const root = join(import.meta.dirname, '../..');
const { groups } = parse(await readFile(join(root, 'compose/prometheus/alerts.yml'), 'utf8'));
const rule = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'spillway' },
  spec: { groups },
};
const comment = '# Written by test/deployment/copy-alerts.ts from compose/prometheus/alerts.yml.\n';
await writeFile(
  join(root, 'k8s/components/monitoring/prometheus-rule.yaml'),
  comment + stringify(rule, { lineWidth: 0 }),
);
