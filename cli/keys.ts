// npm run keys -- create --customer NAME | create --admin | list | revoke ID
import { answered, type components } from '@spillway/client';
import { ConfigError, commandLine } from '@spillway/runtime';
import { type Api, allOf, print, printTable, runCommand, say } from './command.ts';

const USAGE = 'usage: npm run keys -- create --customer NAME | create --admin | list | revoke ID';

const OPTIONS = { customer: { type: 'string' }, admin: { type: 'boolean' } } as const;

type Schemas = components['schemas'];

const ownerOf = ({ customerId }: Schemas['ApiKey']): string => customerId ?? '(operator)';

async function create(api: Api, body: Schemas['CreateApiKey']): Promise<void> {
  const created = await answered(api.POST('/v1/keys', { body }));
  print(created.key);
  say(`Key ${created.id} of ${ownerOf(created)}. It is shown now and never again.`);
}

async function list(api: Api): Promise<void> {
  const keys = await allOf(async (query) => {
    const page = await answered(api.GET('/v1/keys', { params: { query } }));
    return { items: page.keys, nextCursor: page.nextCursor };
  });
  const rows = keys.map((key) => {
    const state = key.revokedAt === null ? 'valid' : `revoked ${key.revokedAt}`;
    return [key.id, ownerOf(key), `...${key.hint}`, key.createdAt, state];
  });
  printTable([['ID', 'CUSTOMER', 'KEY', 'CREATED', 'STATE'], ...rows]);
}

async function revoke(api: Api, id: string): Promise<void> {
  await answered(api.DELETE('/v1/keys/{id}', { params: { path: { id } } }));
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
