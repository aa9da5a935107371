import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openWorkFolder } from './work-folder.ts';

let workDir: string;
beforeEach(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'spillway-work-'));
});
afterEach(() => rm(workDir, { recursive: true, force: true }));

const own = `${hostname()}-${process.pid}`;

test('a worker has a folder of its own while it runs', async () => {
  const folder = await openWorkFolder(join(workDir, 'deep'));
  expect(folder.path).toBe(join(workDir, 'deep', own));
  await writeFile(join(folder.path, 'x'), 'x');
  await folder.remove();
  expect(await readdir(join(workDir, 'deep'))).toEqual([]);
});

test('removes at its start what dead workers left, and nothing of others', async () => {
  const dead = spawn('true');
  await once(dead, 'exit');
  const alive = process.ppid;
  const names = [
    `${hostname()}-${dead.pid}`,
    own,
    `${hostname()}-${alive}`,
    'other-host-1',
    'old-host-1',
    'films',
  ];
  for (const name of names) await mkdir(join(workDir, name, 'att_1'), { recursive: true });
  const longAgo = new Date(Date.now() - 30 * 86_400_000);
  await utimes(join(workDir, 'old-host-1'), longAgo, longAgo);
  await utimes(join(workDir, 'films'), longAgo, longAgo);
  await openWorkFolder(workDir);
  const left = [own, `${hostname()}-${alive}`, 'films', 'other-host-1'].sort();
  expect((await readdir(workDir)).sort()).toEqual(left);
  expect(await readdir(join(workDir, own))).toEqual([]);
});
