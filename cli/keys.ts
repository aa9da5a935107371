// npm run keys -- create --customer NAME | create --admin | list | revoke ID
import { type ApiKey, ApiKeyPage, CreatedApiKey } from '@spillway/contracts';
import { ConfigError, commandLine } from '@spillway/runtime';
import * as z from 'zod';
import { type AdminApi, allOf } from './admin-api.ts';
import { print, printTable, runCommand, say } from './command.ts';

const USAGE = 'usage: npm run keys -- create --customer NAME | create --admin | list | revoke ID';

const OPTIONS = { customer: { type: 'string' }, admin: { type: 'boolean' } } as const;

const ownerOf = ({ customerId }: ApiKey): string => customerId ?? '(operator)';

async function create(api: AdminApi, body: unknown): Promise<void> {
  const created = await api.ask(CreatedApiKey, 'POST', '/v1/keys', body);
  print(created.key);
  say(`Key ${created.id} of ${ownerOf(created)}. It is shown now and never again.`);
}

async function list(api: AdminApi): Promise<void> {
  const keys = await allOf(async (query) => {
    const { keys: items, nextCursor } = await api.ask(ApiKeyPage, 'GET', `/v1/keys${query}`);
    return { items, nextCursor };
  });
  const rows = keys.map((key) => {
    const state = key.revokedAt === null ? 'valid' : `revoked ${key.revokedAt}`;
    return [key.id, ownerOf(key), `...${key.hint}`, key.createdAt, state];
  });
  printTable([['ID', 'CUSTOMER', 'KEY', 'CREATED', 'STATE'], ...rows]);
}

async function revoke(api: AdminApi, id: string): Promise<void> {
  await api.ask(z.undefined(), 'DELETE', `/v1/keys/${encodeURIComponent(id)}`);
  say(`Revoked ${id}: within ten seconds nothing takes it any more.`);
}

await runCommand(async (api) => {
  const { values, positionals } = commandLine(OPTIONS, USAGE);
  const [verb, id, ...others] = positionals;
  const { customer, admin } = values;
  const isOfOne = (customer === undefined) !== (admin === undefined);
  const customerId = customer === undefined ? {} : { customerId: customer };
  if (verb === 'create' && id === undefined && isOfOne) {
    return create(api, { ...customerId, ...(admin && { admin }) });
  }
  if (verb === 'list' && id === undefined) return list(api);
  if (verb === 'revoke' && id !== undefined && others.length === 0) return revoke(api, id);
  throw new ConfigError(USAGE);
});
