import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { ScaleInProtection } from './scale-in-protection.ts';

type Wanted = { ProtectionEnabled: boolean; ExpiresInMinutes?: number };

const granted = ({ ProtectionEnabled }: Wanted) => ({
  protection: { ProtectionEnabled, TaskArn: 'arn:task' },
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The agent's endpoint; `calls` are the bodies, and whoever waits for the nth is told. */
async function startAgent(answer: (wanted: Wanted, call: number) => unknown = granted) {
  const calls: Wanted[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer(async (request, response) => {
    expect([request.method, request.url]).toEqual(['PUT', '/api/1/task-protection/v1/state']);
    const wanted: Wanted = JSON.parse(await text(request));
    calls.push(wanted);
    response.end(JSON.stringify(answer(wanted, calls.length)));
    for (const { count, resolve } of waiting) if (calls.length >= count) resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/1`,
    calls,
    called: (count: number) =>
      new Promise<void>((resolve) => waiting.push({ count, resolve: () => resolve() })),
  };
}

const told: string[] = [];
const log = createLogger('test', 'silent');
const listening = {
  ...log,
  warn: (details: { reason?: string }) => void told.push(details.reason ?? 'error'),
} as typeof log;

const open = (agentUrl: string, expiresInMinutes = 60) =>
  new ScaleInProtection({ agentUrl, log: listening, expiresInMinutes });

test('it is taken for an hour, and given back', async () => {
  const agent = await startAgent();
  const protection = open(agent.url);
  expect(await protection.take()).toBe(true);
  await protection.release();
  expect(agent.calls).toEqual([
    { ProtectionEnabled: true, ExpiresInMinutes: 60 },
    { ProtectionEnabled: false },
  ]);
});

test('it is renewed before it expires, also when a renewal fails, until it is given back', async () => {
  const agent = await startAgent((wanted, call) =>
    call === 2 ? { error: { Code: 'ServerException', Message: 'sorry' } } : granted(wanted),
  );
  const protection = open(agent.url, 0.001);
  const renewed = agent.called(4);
  expect(await protection.take()).toBe(true);
  await renewed;
  await protection.release();
  expect(agent.calls.at(-1)).toEqual({ ProtectionEnabled: false });
  expect(agent.calls.slice(0, -1).every(({ ProtectionEnabled }) => ProtectionEnabled)).toBe(true);
});

test.each([
  [{ failure: { Arn: 'arn:task', Reason: 'DEPLOYMENT_BLOCKED' } }, 'DEPLOYMENT_BLOCKED'],
  [{ error: { Code: 'AccessDeniedException', Message: 'no' } }, 'AccessDeniedException'],
  ['what no agent says', 'error'],
])('%j is no protection, and its reason is told', async (answer, reason) => {
  told.length = 0;
  const agent = await startAgent(() => answer);
  expect(await open(agent.url).take()).toBe(false);
  expect(told).toEqual([reason]);
});

test('an agent that is away is no protection', async () => {
  told.length = 0;
  expect(await open('http://127.0.0.1:1/api/1').take()).toBe(false);
  expect(told).toEqual(['error']);
});
