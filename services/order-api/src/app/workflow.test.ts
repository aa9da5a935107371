import { expect, test } from '@jest/globals';
import type { Job, JobResult } from '@spillway/contracts';
import { createLogger } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import { nothingLearned } from '../domain/estimates.ts';
import type { OrderState } from '../domain/order.ts';
import { acceptOrder, addressesOf, failed, planOfChunks, succeeded } from '../testing/orders.ts';
import type { VersionedOrder } from './ports.ts';
import { createWorkflow } from './workflow.ts';

const log = createLogger('test', 'silent');
const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

/** The workflow of one order, over an object store that removes nothing. */
function workflowOf(state: OrderState) {
  let order: VersionedOrder = { state, version: 1 };
  const told: JobResult[] = [];
  const workflow = createWorkflow({
    store: {
      read: async () => order,
      async write({ version }, steps) {
        order = { state: steps.at(-1)?.step.state ?? order.state, version: version + 1 };
        return true;
      },
    },
    storage: {
      put: async () => {},
      deletePrefix: async () => Promise.reject(new Error('no answer')),
    } as unknown as ObjectStore,
    estimates: { current: () => nothingLearned, learn: (_state, result) => told.push(result) },
    addressesOf,
    notificationsOf: async () => [],
    onCommitted: () => {},
  });
  const apply = (result: JobResult) =>
    workflow.apply(state.id, { type: 'result', result }, trace, log);
  return { apply, told };
}

test('files of a late result that cannot be removed wait for the sweep, or the result comes again', async () => {
  const accepted = acceptOrder({ source: { url: 'file:///a.mp4' } });
  const { apply } = workflowOf(accepted.state);
  const planned = await apply(succeeded(accepted.jobs[0] as Job, { plan: planOfChunks(2, false) }));
  const [first, second] = (planned?.jobs ?? []) as [Job, Job];
  await apply(succeeded(first));
  // The order is open: whatever it leaves behind is removed at its end.
  expect((await apply(succeeded(first)))?.garbage).toHaveLength(1);
  await apply(failed(second));
  await expect(apply(succeeded(second))).rejects.toThrow('no answer');
});

test('how long jobs take is learned from the results that are used, and from no other', async () => {
  const accepted = acceptOrder({ source: { url: 'file:///a.mp4' } });
  const { apply, told } = workflowOf(accepted.state);
  const winner = succeeded(accepted.jobs[0] as Job);
  await apply(winner);
  await apply(winner);
  expect(told).toEqual([winner]);
});
