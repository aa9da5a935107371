import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { ENCODE_JOBS } from '@spillway/contracts';
import type { Running } from '@spillway/runtime';
import { type FakeAgent, granted, refused, startFakeAgent } from './testing/fake-agent.ts';
import { type Harness, openHarness } from './testing/harness.ts';

let harness: Harness;
let agent: FakeAgent;
let encoder: Running;
beforeAll(async () => {
  harness = await openHarness();
});
const agents: FakeAgent[] = [];
afterEach(async () => {
  for (const each of agents.splice(0)) await each.close();
});
afterAll(() => harness.close());

async function startProtected(answer: Parameters<typeof startFakeAgent>[0]): Promise<void> {
  agent = await startFakeAgent(answer);
  agents.push(agent);
  const settings = { SPILLWAY_SCALE_IN_PROTECTION: 'true', ECS_AGENT_URI: agent.url };
  encoder = await harness.startEncoder({ settings });
}

const orderMissingFile = () =>
  harness.order('prepare', {
    source: { from: 'file', path: '/nowhere/film.mp4' },
    outputs: { allowPartial: false },
  });

test('a worker that is refused protection receives no job', async () => {
  await startProtected(() => refused);
  const order = await orderMissingFile();
  await agent.called(1);
  expect(await harness.messaging.depth(ENCODE_JOBS)).toMatchObject({ waiting: 1, inFlight: 0 });
  await encoder.close();
  expect(harness.results(order)).toEqual([]);

  // Another one, which gets it, does what waits; stopped, it gives the protection back.
  await startProtected(granted);
  expect(await harness.end(order)).toMatchObject({ status: 'failed' });
  await encoder.close();
  expect(agent.calls.map(({ ProtectionEnabled }) => ProtectionEnabled)).toEqual([true, false]);
});
