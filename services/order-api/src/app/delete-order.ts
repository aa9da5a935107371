import { orderPrefix } from '@spillway/contracts';
import type { ObjectStore } from '@spillway/storage';
import { isEnded } from '../domain/order.ts';
import type { OrderStore } from './ports.ts';

export type DeleteOrderUseCase = (
  orderId: string,
) => Promise<'deleted' | 'not_found' | 'not_ended'>;

/** Removes an order's objects, then its rows, so that what stops in the middle can be done again. */
export const orderDeleter =
  (store: OrderStore, storage: ObjectStore): DeleteOrderUseCase =>
  async (orderId) => {
    const state = await store.readForView(orderId);
    if (!state) return 'not_found';
    if (!isEnded(state)) return 'not_ended';
    await storage.deletePrefix(orderPrefix(orderId));
    return (await store.remove(orderId)) ? 'deleted' : 'not_found';
  };
