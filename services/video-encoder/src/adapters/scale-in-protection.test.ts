import { afterEach, expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { granted, refused, startFakeAgent } from '../testing/fake-agent.ts';
import { ScaleInProtection } from './scale-in-protection.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function startAgent(...answer: Parameters<typeof startFakeAgent>) {
  const agent = await startFakeAgent(...answer);
  closing.push(() => agent.close());
  return agent;
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
  [refused, 'DEPLOYMENT_BLOCKED'],
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
