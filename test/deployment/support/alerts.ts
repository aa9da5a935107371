import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

const COMPOSE = join(import.meta.dirname, '../../../compose/prometheus/alerts.yml');

/** The alerts of compose/, as the Prometheus operator takes them. */
export async function alertsOfKubernetes(): Promise<object> {
  const { groups } = parse(await readFile(COMPOSE, 'utf8')) as { groups: unknown };
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'spillway' },
    spec: { groups },
  };
}
