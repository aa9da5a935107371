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
