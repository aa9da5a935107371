import type { RequestHandler } from 'express';
import { maySee } from '../../app/caller.ts';
import { lookUps } from '../../app/look-ups.ts';
import type { CustomerOrders } from '../../app/open-orders.ts';
import { callerOf } from './caller.ts';
import { orderIdOf } from './order-routes.ts';
import { noSuchOrder } from './problems.ts';

/** Whose an order is never changes. */
const REMEMBERED_MS = 3_600_000;

/**
 * Before every route below `/v1/orders/{id}` that needs a key, so that none can forget it: to a customer,
 * another's order is one that does not exist.
 */
export function ownOrdersOnly({ ownerOf }: Pick<CustomerOrders, 'ownerOf'>): RequestHandler {
  const owners = lookUps(ownerOf, REMEMBERED_MS);
  return async (request, response, next) => {
    const caller = callerOf(response);
    if (!caller.isAdmin) {
      const id = orderIdOf(request);
      const customerId = await owners.get(id);
      if (customerId === null || !maySee(caller, { customerId })) throw noSuchOrder(id);
    }
    next();
  };
}
