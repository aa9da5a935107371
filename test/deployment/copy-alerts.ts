// Writes the alerts of compose/ as an object of the Prometheus operator. kubernetes.test.ts says when.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { alertsOfKubernetes } from './support/alerts.ts';

const file = join(import.meta.dirname, '../../k8s/components/monitoring/prometheus-rule.yaml');
const comment = '# Written by test/deployment/copy-alerts.ts from compose/prometheus/alerts.yml.\n';
await writeFile(file, comment + stringify(await alertsOfKubernetes(), { lineWidth: 0 }));
