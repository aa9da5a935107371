// Runs before every npm command of the project, on whatever Node the machine has (20 or newer),
// with nothing installed yet: installs the dependencies when they are missing or out of date.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Spillway needs Node 20 or newer to set itself up; this is ${process.version}.`);
  process.exit(1);
}

const root = new URL('..', import.meta.url);
const marker = new URL('node_modules/.spillway-setup', root);
const lock = createHash('sha256')
  .update(readFileSync(new URL('package-lock.json', root)))
  .digest('hex');

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== lock) {
  console.error('Installing dependencies (npm ci); this happens once ...');
  try {
    // On stderr, so that `npm run encode -- --json` keeps its standard output clean.
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
  } catch {
    console.error('npm ci failed; its message is above. Spillway was not set up.');
    process.exit(1);
  }
  writeFileSync(marker, lock);
}
