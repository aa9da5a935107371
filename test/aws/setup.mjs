// Before `npm run test:aws`: moto, which plays AWS, and cfn-lint, in a folder of their own. Needs python3 with venv.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const wanted = readFileSync(at('requirements.txt'), 'utf8');
const done = at('.venv/installed.txt');
if (!existsSync(done) || readFileSync(done, 'utf8') !== wanted) {
  process.stderr.write('Installing moto and cfn-lint (pip) ...\n');
  rmSync(at('.venv'), { recursive: true, force: true });
  const stdio = ['ignore', 2, 2];
  execFileSync('python3', ['-m', 'venv', at('.venv')], { stdio });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement'];
  execFileSync(at('.venv/bin/python'), [...pip, at('requirements.txt')], { stdio });
  // Last, so that an interrupted installation has none.
  writeFileSync(done, wanted);
}
