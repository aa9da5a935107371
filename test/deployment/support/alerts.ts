import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const Rules = z.object({
  groups: z.array(
    z.looseObject({ rules: z.array(z.looseObject({ alert: z.string(), expr: z.string() })) }),
  ),
});

const COMPOSE = join(import.meta.dirname, '../../../compose/prometheus/alerts.yml');

/**
 * The alerts of compose/, as the Prometheus operator takes them. Where workers leave when nothing waits, that there is
 * none wakes nobody; SpillwayStandsStill tells of jobs that nobody does.
 */
export async function alertsOfKubernetes(): Promise<object> {
  const { groups } = Rules.parse(parse(await readFile(COMPOSE, 'utf8')));
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'spillway' },
    spec: {
      groups: groups.map((group) => ({
        ...group,
        rules: group.rules.filter(({ alert }) => alert !== 'SpillwayNoWorkers'),
      })),
    },
  };
}
