// What compose/ gives Prometheus and Grafana, held against the runbook. That the expressions are right is tested
// while Prometheus's image is built; that the services serve what they name, by test/containers.
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const read = (name: string): Promise<string> =>
  readFile(new URL(`../${name}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}
const { groups } = parse(await read('compose/prometheus/alerts.yml')) as {
  groups: { rules: Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const runbook = await read('docs/runbook.md');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

test.each(rules)('$alert links to its entry of the runbook, which has its expression', (rule) => {
  const [page, anchor] = rule.annotations.runbook_url.split('#');
  expect(page).toBe('docs/runbook.md');
  expect(anchor).toBe(rule.alert.toLowerCase());
  const [, entry] = runbook.split(`\n## ${rule.alert}\n`);
  const [expression] = /^(?: {4}.*\n)+/m.exec(entry ?? '') ?? [];
  expect(oneLine(expression ?? '')).toBe(oneLine(rule.expr));
});

test('every alert of the runbook is a rule', () => {
  const entries = [...runbook.matchAll(/^## (Spillway\w+)$/gm)].map(([, name]) => name);
  expect(rules.map(({ alert }) => alert)).toEqual(entries);
});

test('Grafana finds the data source that the dashboard names, and the folder that holds it', async () => {
  const folder = 'compose/grafana/provisioning';
  const { datasources } = parse(await read(`${folder}/datasources/prometheus.yml`));
  const { providers } = parse(await read(`${folder}/dashboards/spillway.yml`));
  const { services } = parse(await read('docker-compose.yml'), { merge: true });
  const dashboard = JSON.parse(await read('compose/grafana/dashboards/spillway.json')) as {
    panels: { datasource: { uid: string }; targets: { expr: string }[] }[];
  };
  expect(datasources.map(({ uid }: { uid: string }) => uid)).toEqual(['spillway']);
  expect(new Set(dashboard.panels.map(({ datasource }) => datasource.uid))).toEqual(
    new Set(['spillway']),
  );
  expect(services.grafana.volumes).toEqual([
    `./${folder}:/etc/grafana/provisioning:ro`,
    `./compose/grafana/dashboards:${providers[0].options.path}:ro`,
  ]);
});
