// npm run dlq -- list | show QUEUE [--limit N] | redrive QUEUE [--limit N]
import { answered, type components } from '@spillway/client';
import { ConfigError, commandLine } from '@spillway/runtime';
import { type Api, print, printTable, runCommand, say } from './command.ts';

const USAGE = 'usage: npm run dlq -- list | show QUEUE [--limit N] | redrive QUEUE [--limit N]';

type DeadLetter = components['schemas']['DeadLetter'];

const limitOf = (limit: string | undefined) =>
  limit === undefined ? {} : { limit: Number(limit) };

async function list(api: Api): Promise<void> {
  const { queues } = await answered(api.GET('/v1/dead-letters'));
  printTable([['QUEUE', 'DEAD LETTERS'], ...queues.map(({ queue, count }) => [queue, `${count}`])]);
}

function printLetter({ messageId, sentAt, attempts, reason, attributes, body }: DeadLetter): void {
  print(`${messageId}  sent ${sentAt}, handed out ${attempts} times`);
  print(`  reason      ${reason ?? 'none: nobody answered for it too often'}`);
  for (const [name, value] of Object.entries(attributes)) print(`  ${name.padEnd(10)}  ${value}`);
  print(`  body        ${JSON.stringify(body)}`);
}

async function show(api: Api, queue: string, limit: string | undefined): Promise<void> {
  const params = { path: { queue }, query: limitOf(limit) };
  const { messages } = await answered(api.GET('/v1/dead-letters/{queue}', { params }));
  for (const message of messages) printLetter(message);
  say(`${messages.length} shown; they stay. "redrive" sends them again.`);
}

async function redrive(api: Api, queue: string, limit: string | undefined): Promise<void> {
  const params = { path: { queue } };
  const answer = await answered(
    api.POST('/v1/dead-letters/{queue}/redrive', { params, body: limitOf(limit) }),
  );
  print(`${answer.redriven} sent to ${queue} again.`);
}

await runCommand(async (api) => {
  const { values, positionals } = commandLine({ limit: { type: 'string' } }, USAGE);
  const [verb, queue, ...others] = positionals;
  if (verb === 'list' && queue === undefined) return list(api);
  if (queue !== undefined && others.length === 0) {
    if (verb === 'show') return show(api, queue, values.limit);
    if (verb === 'redrive') return redrive(api, queue, values.limit);
  }
  throw new ConfigError(USAGE);
});
