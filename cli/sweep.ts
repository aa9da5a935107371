// npm run sweep -- [--dry-run]
import { answered, type components } from '@spillway/client';
import { ConfigError, commandLine } from '@spillway/runtime';
import { print, printTable, runCommand, say } from './command.ts';

const USAGE = 'usage: npm run sweep -- [--dry-run]';

const rowOf = (
  name: string,
  { objects, bytes }: components['schemas']['SweptObjects'],
): string[] => [name, `${objects}`, `${bytes}`];

await runCommand(async (api) => {
  const { values, positionals } = commandLine({ 'dry-run': { type: 'boolean' } }, USAGE);
  if (positionals.length > 0) throw new ConfigError(USAGE);
  const dryRun = values['dry-run'] ?? false;
  const report = await answered(api.POST('/v1/sweep', { body: { dryRun } }));
  const { expired, leftovers, removed, orphans, uploads, more } = report;
  printTable([
    ['OBJECTS OF', 'COUNT', 'BYTES'],
    rowOf('expired orders', expired),
    rowOf('ended orders (leftovers)', leftovers),
    rowOf('removed orders', removed),
    rowOf('no order', orphans),
  ]);
  print(`Uploads: ${uploads}`);
  for (const key of [expired, leftovers, removed, orphans].flatMap(({ keys }) => keys)) {
    print(`  ${key}`);
  }
  say(dryRun ? 'Nothing was removed: this is what a sweep would remove.' : 'Removed.');
  if (more) say('There is more: sweep again.');
});
