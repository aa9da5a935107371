// What docs/upgrades.md says of connection strings, tried with the job that needs nothing but one.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type StartedPostgres, startPostgres } from './support/postgres.ts';
import { runMigrate } from './support/programs.ts';

let folder: string;
let postgres: StartedPostgres;
let ca: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-tls-'));
  postgres = await startPostgres();
  ca = path.join(folder, 'ca.pem');
  await writeFile(ca, await postgres.turnTlsOn());
});
afterAll(async () => {
  await postgres.remove();
  await rm(folder, { recursive: true, force: true });
});

const migrate = (query: string, env: Record<string, string> = {}) =>
  runMigrate({ env: { DATABASE_URL: `${postgres.url}${query}`, ...env } });

/** A user that the server lets in by TLS alone. */
const works = { code: 0, said: expect.stringMatching(/Applied|up to date/) };

test('unencrypted is what an address without sslmode is', async () => {
  expect(await migrate('')).toMatchObject({
    code: 1,
    said: expect.stringContaining('no encryption'),
  });
});

test.each([
  ['its CA, and its name', () => `?sslmode=verify-full&sslrootcert=${ca}`],
  ['as psql understands require', () => '?sslmode=require&uselibpqcompat=true'],
])('encrypted: %s', async (_, query) => {
  expect(await migrate(query())).toMatchObject(works);
});

test('encrypted, by a CA that Node was told of', async () => {
  expect(await migrate('?sslmode=verify-full', { NODE_EXTRA_CA_CERTS: ca })).toMatchObject(works);
});

test('a server whose CA is unknown is refused in a sentence', async () => {
  const { code, said } = await migrate('?sslmode=verify-full');
  expect(code).toBe(1);
  expect(said).toMatch(/^Nothing was migrated: .*certificate/);
  expect(said).not.toContain('    at ');
});

test('the password may stand beside the address', async () => {
  const url = new URL(`${postgres.url}?sslmode=verify-full&sslrootcert=${ca}`);
  const { password } = url;
  url.password = '';
  const env = { DATABASE_URL: url.href, PGPASSWORD: decodeURIComponent(password) };
  expect(await runMigrate({ env })).toMatchObject(works);
  expect(await runMigrate({ env: { ...env, PGPASSWORD: 'wrong' } })).toMatchObject({ code: 1 });
});
