import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type SpillwayProcess, startSpillway } from './support/spillway.ts';

// The program as it is when other machines reach it.
let dataDir: string;
let spillway: SpillwayProcess;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'spillway-keys-'));
  spillway = await startSpillway(dataDir, { SPILLWAY_HOST: '0.0.0.0' });
});
afterAll(async () => {
  await spillway.stop();
  await rm(dataDir, { recursive: true });
});

const order = (key: string | null, url: string): Promise<Response> =>
  fetch(`${spillway.url}/v1/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key !== null && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ source: { url } }),
  });

test('nobody orders without a key; its operator has one, which only the owner of the folder can read', async () => {
  const somewhere = 'https://not-there.invalid/a.mp4';
  expect((await order(null, somewhere)).status).toBe(401);
  const file = join(dataDir, 'admin-key');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const key = (await readFile(file, 'utf8')).trim();
  expect((await order(key, somewhere)).status).toBe(202);
});

test('no order reaches what listens on its loopback', async () => {
  const key = (await readFile(join(dataDir, 'admin-key'), 'utf8')).trim();
  const answer = await order(key, `${spillway.adminUrl}/metrics`);
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ errors: [{ field: 'source.url' }] });
});
