import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Secret } from '@spillway/runtime';
import { keptSecret } from './kept-secret.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a secret is made once, for its owner’s eyes, long enough for the services', async () => {
  const secret = await keptSecret(folder, 'secret');
  expect(await keptSecret(folder, 'secret')).toBe(secret);
  expect(Secret.parse(secret)).toBe(secret);
  expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
});

test('one that a crash or a full disk left half written is not used', async () => {
  await writeFile(join(folder, 'secret.new'), 'half');
  expect(await keptSecret(folder, 'secret')).toHaveLength(32);
  expect(await readdir(folder)).toEqual(['secret']);
});
