import { expect, test } from '@jest/globals';
import { acceptOrder } from '../testing/orders.ts';
import { messagesOf } from './messages.ts';

test('a job is its customer’s, so that no customer waits behind all jobs of another', () => {
  const step = acceptOrder();
  const jobs = messagesOf(step, { traceparent: '00-x-y-01' }).filter(({ destination }) =>
    destination.startsWith('queue:'),
  );
  expect(jobs.map(({ group }) => group)).toEqual([step.state.customerId]);
});
