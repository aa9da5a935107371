import { execFile } from 'node:child_process';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deadLetterQueueOf } from '@spillway/messaging';
import { startTestApi, type TestApi } from '../services/order-api/src/testing/api.ts';

const ADMIN_KEY = 'the-key-of-the-operator-32-or-more';
let api: TestApi;
let dataDir: string;
beforeAll(async () => {
  api = await startTestApi({ adminKey: ADMIN_KEY });
  dataDir = await mkdtemp(join(tmpdir(), 'spillway-cli-'));
  await writeFile(join(dataDir, 'admin-key'), `${ADMIN_KEY}\n`);
});
afterAll(async () => {
  await api.close();
  await rm(dataDir, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

/** Runs a command as npm does, with the key of the data folder. */
const run = (
  program: string,
  args: string,
  settings: Record<string, string> = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, SPILLWAY_URL: api.url, SPILLWAY_DATA_DIR: dataDir, ...settings };
    const file = join(import.meta.dirname, `${program}.ts`);
    execFile(
      process.execPath,
      [file, ...args.split(' ').filter(Boolean)],
      { env },
      (error, out, said) => resolve({ code: Number(error?.code ?? 0), out, said }),
    );
  });

test('a key is made, printed alone, listed and revoked', async () => {
  const made = await run('keys', 'create --customer acme');
  expect(made).toMatchObject({ code: 0, said: expect.stringContaining('never again') });
  const key = made.out.trim();
  const orders = async () => {
    const headers = { authorization: `Bearer ${key}` };
    return (await fetch(`${api.url}/v1/orders`, { headers })).status;
  };
  expect(await orders()).toBe(200);
  const { out } = await run('keys', 'list');
  expect(out).toMatch(new RegExp(`^key_\\w+ +acme +\\.\\.\\.${key.slice(-4)} .* valid$`, 'm'));
  const [id] = /key_\w+/.exec(made.said) ?? [''];
  expect((await run('keys', `revoke ${id}`)).code).toBe(0);
  expect(await orders()).toBe(401);
});

test('what is set for a customer is shown, and the rest stays as it was', async () => {
  await run('keys', 'create --customer films');
  const set = await run(
    'customers',
    'set films --open-orders 7 --source-seconds 60 --source-prefix s3://films/in/',
  );
  expect(set.out).toMatch(/open orders +7$/m);
  const again = await run('customers', 'set films --open-orders default');
  expect(again.out).toMatch(/open orders +\d+ +\(default\)$/m);
  const { out } = await run('customers', 'show films');
  expect(out).toMatch(/seconds of a source +60$/m);
  expect(out).toMatch(/sources below +s3:\/\/films\/in\/$/m);
  expect((await run('customers', 'list')).out).toMatch(/^films$/m);
});

test('messages that were put aside are shown and sent again', async () => {
  const queue = 'encode-jobs-high';
  await api.stopWorker();
  const attributes = { deadLetterReason: 'internal: oh' };
  await api.messaging.send(deadLetterQueueOf(queue), [{ body: '{"jobId":"x"}', attributes }]);
  expect((await run('dlq', 'list')).out).toMatch(/^encode-jobs-high +1$/m);
  const shown = await run('dlq', `show ${queue} --limit 5`);
  expect(shown.out).toMatch(/reason +internal: oh\n +body +{"jobId":"x"}$/m);
  expect((await run('dlq', `redrive ${queue}`)).out).toBe(`1 sent to ${queue} again.\n`);
  expect((await run('dlq', 'list')).out).toMatch(/^encode-jobs-high +0$/m);
});

test('a sweep says what it would remove, and then removes it', async () => {
  const orphan = 'orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/prepare-0-att_x/file';
  await api.storage.put(orphan, Buffer.from('xyz'));
  await utimes((await api.storage.pathOf(orphan)) ?? '', 1, 1);
  const announced = await run('sweep', '--dry-run');
  expect(announced.out).toMatch(/^no order +1 +3$/m);
  expect(announced.out).toContain(orphan);
  expect(await api.storage.head(orphan)).not.toBeNull();
  expect((await run('sweep', '')).out).toBe(announced.out);
  expect(await api.storage.head(orphan)).toBeNull();
});

test.each([
  ['keys', 'create --admin --customer acme', 2, 'usage:'],
  ['keys', 'revoke key_01JD3Q5ZK7R8M2N4P6S8T0V1W2', 1, 'There is no such key'],
  ['dlq', 'show', 2, 'usage:'],
  ['sweep', 'now', 2, 'usage:'],
  ['dlq', 'show none', 1, 'There is no such queue'],
  ['dlq', 'redrive notifications --limit no', 1, 'limit'],
  ['customers', 'show nobody', 1, 'There is no such customer'],
  ['customers', 'set films --open-orders=no', 1, 'a number above 0'],
])('%s %s ends with a sentence', async (program, args, code, sentence) => {
  const ended = await run(program, args);
  expect(ended).toMatchObject({ code, out: '', said: expect.stringContaining(sentence) });
  expect(ended.said).not.toMatch(/\.ts:\d/);
});

test('a server that does not run, and a key that is not there, are told', async () => {
  const nobody = await run('keys', 'list', { SPILLWAY_URL: 'http://127.0.0.1:9' });
  expect(nobody).toMatchObject({ code: 1, said: expect.stringContaining('No server answers') });
  const keyless = await run('keys', 'list', { SPILLWAY_DATA_DIR: join(dataDir, 'none') });
  expect(keyless).toMatchObject({ code: 2, said: expect.stringContaining('SPILLWAY_ADMIN_KEY') });
});
