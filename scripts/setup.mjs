// Runs before every npm command of the project, on whatever Node the machine has (20 or newer),
// with nothing installed yet: installs the dependencies when they are missing or out of date.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Spillway needs Node 20 or newer to set itself up; this is ${process.version}.`);
  process.exit(1);
}

const root = new URL('..', import.meta.url);
const packagesOf = (file) => JSON.parse(readFileSync(new URL(file, root), 'utf8')).packages;

// npm writes this file last, so an interrupted installation has none.
const INSTALLED = 'node_modules/.package-lock.json';

function isInstalled() {
  if (!existsSync(new URL(INSTALLED, root))) return false;
  const installed = packagesOf(INSTALLED);
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional, peer }]) =>
      path === '' || optional || peer || installed[path]?.version === version,
  );
}

if (!isInstalled()) {
  console.error('Installing dependencies (npm ci) ...');
  try {
    // Its output goes to stderr, so that `npm run encode -- --json` keeps standard output clean.
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
  } catch {
    console.error('npm ci failed; its message is above. Spillway was not set up.');
    process.exit(1);
  }
}
