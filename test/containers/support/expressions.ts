import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Every expression of the alerts and of the dashboard, with Grafana's own variables put in. */
export async function expressionsOf(root: string): Promise<string[]> {
  const rules = parse(await readFile(join(root, 'compose/prometheus/alerts.yml'), 'utf8')) as {
    groups: { rules: { expr: string }[] }[];
  };
  const dashboard = JSON.parse(
    await readFile(join(root, 'compose/grafana/dashboards/spillway.json'), 'utf8'),
  ) as { panels: { targets: { expr: string }[] }[] };
  return [
    ...rules.groups.flatMap((group) => group.rules),
    ...dashboard.panels.flatMap(({ targets }) => targets),
  ].map(({ expr }) => expr.replaceAll('$__rate_interval', '1m'));
}
