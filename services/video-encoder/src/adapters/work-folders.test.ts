import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openWorkFolders } from './work-folders.ts';

let workDir: string;
beforeEach(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'spillway-work-'));
});
afterEach(() => rm(workDir, { recursive: true, force: true }));

const own = `${hostname()}-${process.pid}`;

test('each attempt has an empty folder until it removes it', async () => {
  const folders = await openWorkFolders(join(workDir, 'deep'));
  const [one, two] = [await folders.open('att_1'), await folders.open('att_2')];
  await writeFile(join(one.path, 'x'), 'x');
  expect(await readdir(two.path)).toEqual([]);
  await one.remove();
  expect(await readdir(join(workDir, 'deep', own))).toEqual(['att_2']);
  await folders.close();
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
  await openWorkFolders(workDir);
  const left = [own, `${hostname()}-${alive}`, 'films', 'other-host-1'].sort();
  expect((await readdir(workDir)).sort()).toEqual(left);
  expect(await readdir(join(workDir, own))).toEqual([]);
});
