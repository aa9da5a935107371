import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readNotifierConfig } from '@spillway/notifier';
import { webhookSecret } from './webhook-secret.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a secret is made once, for its owner’s eyes, as the notifier wants it', async () => {
  const secret = await webhookSecret(folder);
  expect(await webhookSecret(folder)).toBe(secret);
  expect(readNotifierConfig({ SPILLWAY_WEBHOOK_SECRET: secret }).webhookSecret).toBe(secret);
  expect((await stat(join(folder, 'webhook-secret'))).mode & 0o777).toBe(0o600);
});

test('one that a crash or a full disk left half written is not used', async () => {
  await writeFile(join(folder, 'webhook-secret.new'), 'whsec_');
  expect(await webhookSecret(folder)).toHaveLength('whsec_'.length + 32);
  expect(await readdir(folder)).toEqual(['webhook-secret']);
});
