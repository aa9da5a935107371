import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

const sourcesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)[\w-]*config\.ts$/.test(file))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));

/** Of libraries: `pg` reads its password there. */
const THEIRS = ['PGPASSWORD', 'OTEL_EXPORTER_OTLP_ENDPOINT'];

/** Names of the variables that a service's program reads: those that stand in its config.ts files and the runtime's. */
export function settingsReadBy(service: string): ReadonlySet<string> {
  const sources = [...sourcesIn(`services/${service}/src`), ...sourcesIn('packages/runtime/src')];
  const names = sources.flatMap((source) => source.match(/\b[A-Z][A-Z0-9]+(_[A-Z0-9]+)*\b/g) ?? []);
  return new Set([...names, ...THEIRS]);
}
