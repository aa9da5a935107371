// Before `npm run test:containers`: installs what only it needs.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

const folder = new URL('.', import.meta.url);
const changedAt = (file) =>
  statSync(new URL(file, folder), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// npm writes this file last, so an interrupted installation has none.
if (changedAt('node_modules/.package-lock.json') < changedAt('package-lock.json')) {
  process.stderr.write('Installing testcontainers (npm ci) ...\n');
  execFileSync('npm', ['ci', '--workspaces=false', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
}
