// npm run customers -- list | show NAME | set NAME [options]
import { answered, type components } from '@spillway/client';
import { ConfigError, commandLine } from '@spillway/runtime';
import { type Api, allOf, CommandError, print, printTable, runCommand } from './command.ts';

const USAGE = `usage: npm run customers -- list | show NAME | set NAME [options]
  --open-orders N  --requests-per-second N
  --source-bytes N  --source-seconds N  --source-pixels N   N, or "default"
  --source-prefix s3://bucket/folder/ ...  --destination-prefix s3://bucket/folder/ ...   or "none"`;

const OPTIONS = {
  'open-orders': { type: 'string' },
  'requests-per-second': { type: 'string' },
  'source-bytes': { type: 'string' },
  'source-seconds': { type: 'string' },
  'source-pixels': { type: 'string' },
  'source-prefix': { type: 'string', multiple: true },
  'destination-prefix': { type: 'string', multiple: true },
} as const;
type Values = ReturnType<typeof commandLine<typeof OPTIONS>>['values'];

type Schemas = components['schemas'];
type CustomerRecord = Schemas['CustomerRecord'];

const pathOf = (id: string) => ({ params: { path: { id } } });

/** What was asked for; nothing asked: as it was; "default": no own limit. */
function limitOf(name: string, asked: string | undefined, before: number | undefined) {
  if (asked === undefined) return before;
  if (asked === 'default') return undefined;
  if (Number(asked) > 0) return Number(asked);
  throw new CommandError(`--${name}: a number above 0, or "default"; not "${asked}"`);
}

const prefixesOf = (asked: string[] | undefined, before: string[]): string[] =>
  asked === undefined ? before : asked.filter((prefix) => prefix !== 'none');

/** Without what is undefined: the service's own limits hold there. */
const given = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const limitsOf = (values: Values, { source, ...before }: CustomerRecord['ownLimits']) =>
  given({
    openOrders: limitOf('open-orders', values['open-orders'], before.openOrders),
    requestsPerSecond: limitOf(
      'requests-per-second',
      values['requests-per-second'],
      before.requestsPerSecond,
    ),
    source: given({
      bytes: limitOf('source-bytes', values['source-bytes'], source?.bytes),
      seconds: limitOf('source-seconds', values['source-seconds'], source?.seconds),
      pixels: limitOf('source-pixels', values['source-pixels'], source?.pixels),
    }),
  });

function show({ limits, ownLimits, ...customer }: CustomerRecord): void {
  const own = (isOwn: boolean): string => (isOwn ? '' : '(default)');
  printTable([
    ['customer', customer.id, ''],
    ['created', customer.createdAt, ''],
    ['open orders', String(limits.openOrders), own(ownLimits.openOrders !== undefined)],
    [
      ...['requests a second', String(limits.requestsPerSecond)],
      own(ownLimits.requestsPerSecond !== undefined),
    ],
    ...(['bytes', 'seconds', 'pixels'] as const).map((unit) => [
      ...[`${unit} of a source`, String(limits.source[unit])],
      own(ownLimits.source?.[unit] !== undefined),
    ]),
    ['sources below', customer.sourcePrefixes.join(' ') || '(none)', ''],
    ['destinations below', customer.destinationPrefixes.join(' ') || '(none)', ''],
  ]);
}

async function set(api: Api, name: string, values: Values): Promise<void> {
  const before = await answered(api.GET('/v1/customers/{id}', pathOf(name)));
  const settings = {
    limits: limitsOf(values, before.ownLimits),
    sourcePrefixes: prefixesOf(values['source-prefix'], before.sourcePrefixes),
    destinationPrefixes: prefixesOf(values['destination-prefix'], before.destinationPrefixes),
  };
  show(await answered(api.PUT('/v1/customers/{id}', { ...pathOf(name), body: settings })));
}

async function list(api: Api): Promise<void> {
  const customers = await allOf(async (query) => {
    const page = await answered(api.GET('/v1/customers', { params: { query } }));
    return { items: page.customers, nextCursor: page.nextCursor };
  });
  for (const { id } of customers) print(id);
}

await runCommand(async (api) => {
  const { values, positionals } = commandLine(OPTIONS, USAGE);
  const [verb, name, ...others] = positionals;
  if (verb === 'list' && name === undefined) return list(api);
  if (name !== undefined && others.length === 0) {
    if (verb === 'show') return show(await answered(api.GET('/v1/customers/{id}', pathOf(name))));
    if (verb === 'set') return set(api, name, values);
  }
  throw new ConfigError(USAGE);
});
