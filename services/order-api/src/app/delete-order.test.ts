import { expect, test } from '@jest/globals';
import { cancelMarker } from '@spillway/contracts';
import type { OrderState } from '../domain/order.ts';
import { reduce } from '../domain/reduce.ts';
import { AT, acceptOrder, addressesOf } from '../testing/orders.ts';
import { orderDeleter } from './delete-order.ts';

/** One order, and prefixes that were deleted; the object store may be away. */
function world(order: OrderState | null) {
  const state = { order, deleted: [] as string[], isAway: false };
  const remove = orderDeleter(
    {
      async remove() {
        const removed = state.order !== null && state.order.endedAt !== null;
        if (removed) state.order = null;
        return removed;
      },
      readForView: async () => state.order,
    },
    {
      async deletePrefix(prefix) {
        if (state.isAway) throw new Error('no answer');
        state.deleted.push(prefix);
      },
    },
  );
  return { state, remove };
}

const open = acceptOrder().state;
const canceled = reduce(open, { type: 'cancel' }, AT, addressesOf).state;

test('an ended order goes with everything under its prefix, and nothing beside it', async () => {
  const { state, remove } = world(canceled);
  expect(await remove(canceled.id)).toBe('deleted');
  expect(state.order).toBeNull();
  expect(state.deleted).toContain(`orders/${canceled.id}/encode-chunk-`);
  expect(state.deleted.every((prefix) => prefix.startsWith(`orders/${canceled.id}/`))).toBe(true);
});

test('the cancel markers stay, so that jobs that still wait are no work', async () => {
  const { state, remove } = world(canceled);
  await remove(canceled.id);
  const marker = cancelMarker(canceled.id, canceled.run);
  expect(state.deleted.some((prefix) => marker.startsWith(prefix))).toBe(false);
});

test('an open order keeps its objects, also one that has just begun again', async () => {
  const { state, remove } = world(open);
  expect(await remove(open.id)).toBe('not_ended');
  expect(state).toMatchObject({ order: open, deleted: [] });
});

test('objects that could not be removed go when it is asked for again', async () => {
  const { state, remove } = world(canceled);
  state.isAway = true;
  await expect(remove(canceled.id)).rejects.toThrow('no answer');
  state.isAway = false;
  expect(await remove(canceled.id)).toBe('not_found');
  expect(state.deleted).toContain(`orders/${canceled.id}/prepare-`);
});
