import { JobKind, orderPrefix } from '@spillway/contracts';
import type { ObjectStore } from '@spillway/storage';
import type { OrderStore } from './ports.ts';

export type DeleteOrderUseCase = (
  orderId: string,
) => Promise<'deleted' | 'not_found' | 'not_ended'>;

/**
 * Removes an order's rows, then its objects: the rows first, because only they can tell that nobody has
 * begun the order again meanwhile. What stops in the middle is done when it is asked for again, although
 * the order is then not found, or else by `sweepRemoved` in the end. The cancel markers stay until then:
 * jobs of the order may still wait in a queue.
 */
export const orderDeleter =
  (
    store: Pick<OrderStore, 'remove' | 'readForView'>,
    storage: Pick<ObjectStore, 'deletePrefix'>,
  ): DeleteOrderUseCase =>
  async (orderId) => {
    const removed = await store.remove(orderId);
    if (!removed && (await store.readForView(orderId))) return 'not_ended';
    for (const kind of JobKind.options) {
      await storage.deletePrefix(`${orderPrefix(orderId)}${kind}-`);
    }
    return removed ? 'deleted' : 'not_found';
  };
