// npm run dlq -- list | show QUEUE [--limit N] | redrive QUEUE [--limit N]
import {
  type DeadLetter,
  DeadLetterQueues,
  DeadLetters,
  RedrivenDeadLetters,
} from '@spillway/contracts';
import { ConfigError, commandLine } from '@spillway/runtime';
import type { AdminApi } from './admin-api.ts';
import { print, printTable, runCommand, say } from './command.ts';

const USAGE = 'usage: npm run dlq -- list | show QUEUE [--limit N] | redrive QUEUE [--limit N]';

const pathOf = (queue: string): string => `/v1/dead-letters/${encodeURIComponent(queue)}`;

async function list(api: AdminApi): Promise<void> {
  const { queues } = await api.ask(DeadLetterQueues, 'GET', '/v1/dead-letters');
  printTable([['QUEUE', 'DEAD LETTERS'], ...queues.map(({ queue, count }) => [queue, `${count}`])]);
}

function printLetter({ messageId, sentAt, attempts, reason, attributes, body }: DeadLetter): void {
  print(`${messageId}  sent ${sentAt}, handed out ${attempts} times`);
  print(`  reason      ${reason ?? 'none: nobody answered for it too often'}`);
  for (const [name, value] of Object.entries(attributes)) print(`  ${name.padEnd(10)}  ${value}`);
  print(`  body        ${JSON.stringify(body)}`);
}

async function show(api: AdminApi, queue: string, limit: string | undefined): Promise<void> {
  const query = limit === undefined ? '' : `?limit=${encodeURIComponent(limit)}`;
  const { messages } = await api.ask(DeadLetters, 'GET', `${pathOf(queue)}${query}`);
  for (const message of messages) printLetter(message);
  say(`${messages.length} shown; they stay. "redrive" sends them again.`);
}

async function redrive(api: AdminApi, queue: string, limit: string | undefined): Promise<void> {
  const body = limit === undefined ? {} : { limit: Number(limit) };
  const answer = await api.ask(RedrivenDeadLetters, 'POST', `${pathOf(queue)}/redrive`, body);
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
