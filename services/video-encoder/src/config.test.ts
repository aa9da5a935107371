import { expect, test } from '@jest/globals';
import { jobQueues, queueSpec } from '@spillway/contracts';
import { ConfigError } from '@spillway/runtime';
import { readEncoderConfig } from './config.ts';

test.each(jobQueues)('the last try at a job of %s is ours, not the broker’s', (queue) => {
  const most = queueSpec(queue).maxDeliveries;
  const read = (attempts: number) => readEncoderConfig({ SPILLWAY_JOB_ATTEMPTS: String(attempts) });
  expect(read(most).jobAttempts).toBe(most);
  expect(() => read(most + 1)).toThrow(ConfigError);
});

test('scale-in protection needs the agent of ECS, and workers that stay', () => {
  const on = { SPILLWAY_SCALE_IN_PROTECTION: 'true' };
  const ECS_AGENT_URI = 'http://169.254.170.2/api/1';
  expect(readEncoderConfig({ ECS_AGENT_URI }).protectionAgentUrl).toBeNull();
  expect(readEncoderConfig({ ...on, ECS_AGENT_URI }).protectionAgentUrl).toBe(ECS_AGENT_URI);
  expect(() => readEncoderConfig(on)).toThrow('ECS_AGENT_URI is missing');
  const leaving = { ...on, ECS_AGENT_URI, SPILLWAY_EXIT_WHEN_IDLE_SECONDS: '20' };
  expect(() => readEncoderConfig(leaving)).toThrow('SPILLWAY_EXIT_WHEN_IDLE_SECONDS');
});
