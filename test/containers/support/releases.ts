import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { upgradeFrom } from './config.ts';
import { OURS } from './programs.ts';

const run = promisify(execFile);

/** What was released before this commit; null when nothing was. */
export async function previousRelease(): Promise<string | null> {
  const chosen = upgradeFrom();
  if (chosen) return chosen;
  const describe = ['describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^'];
  return run('git', describe, { cwd: OURS }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

/** The sources of a ref with their dependencies, in a folder of their own. */
export async function checkOut(ref: string, folder: string): Promise<string> {
  const tar = `${folder}.tar`;
  await run('git', ['archive', '--output', tar, ref], { cwd: OURS });
  await run('mkdir', ['-p', folder]);
  await run('tar', ['-xf', tar, '-C', folder]);
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
  });
  return folder;
}
