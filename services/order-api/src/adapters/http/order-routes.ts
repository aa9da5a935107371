import {
  CreateOrder,
  CustomerId,
  type Order,
  OrderId,
  type OrderJobs,
  type OrderPage,
  OrderStatus,
} from '@spillway/contracts';
import { invalidFields, ProblemError } from '@spillway/runtime';
import { json, type Request, type Response, Router } from 'express';
import * as z from 'zod';
import type { CreateOrderUseCase } from '../../app/create-order.ts';
import type { DeleteOrderUseCase } from '../../app/delete-order.ts';
import type { OpenOrders } from '../../app/open-orders.ts';
import type { OrderStore } from '../../app/ports.ts';
import type { Workflow } from '../../app/workflow.ts';
import { isEnded, type OrderState } from '../../domain/order.ts';
import { jobsView } from '../../domain/snapshot.ts';
import { callerOf } from './caller.ts';
import { decodeCursor, PageQuery, pageOf } from './cursor.ts';
import { noSuchOrder } from './problems.ts';
import { contextOf } from './request-context.ts';

const BODY_LIMIT = '1mb';

export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 visible ASCII characters')
  .meta({ description: 'The same key with the same body gives the same answer again, for 24 h.' });

export const OrderListQuery = z.strictObject({
  status: OrderStatus.optional(),
  customerId: CustomerId.optional().meta({
    description: "For operators; a customer's key finds none but the customer's own orders.",
  }),
  ...PageQuery.shape,
});

export interface OrderRouteParts {
  readonly store: OrderStore;
  readonly createOrder: CreateOrderUseCase;
  readonly deleteOrder: DeleteOrderUseCase;
  readonly workflow: Workflow;
  readonly openOrders: OpenOrders;
  /** The order as it is shown now. */
  readonly viewOf: (state: OrderState) => Order;
}

/** The id of the path; a malformed one is the id of no order. */
export function orderIdOf(request: Request): string {
  const id = String(request.params.id);
  if (!OrderId.safeParse(id).success) throw noSuchOrder(id);
  return id;
}

export async function readOrThrow(store: OrderStore, id: string): Promise<OrderState> {
  const state = await store.readForView(id);
  if (!state) throw noSuchOrder(id);
  return state;
}

function idempotencyKeyOf(request: Request): string | null {
  const given = request.get('idempotency-key');
  if (given === undefined) return null;
  const key = IdempotencyKey.safeParse(given);
  if (key.success) return key.data;
  throw new ProblemError(422, 'invalid-header', 'A header is not valid', {
    detail: 'Idempotency-Key: 1 to 255 visible ASCII characters',
    errors: [{ field: 'Idempotency-Key', message: '1 to 255 visible ASCII characters' }],
  });
}

const postOrder =
  ({ createOrder }: OrderRouteParts) =>
  async (request: Request, response: Response<Order>) => {
    const body = CreateOrder.safeParse(request.body ?? {});
    if (!body.success) throw invalidFields(body.error, 'body');
    const { trace, log } = contextOf(response);
    const order = await createOrder(
      {
        caller: callerOf(response),
        body: body.data,
        idempotencyKey: idempotencyKeyOf(request),
        trace,
      },
      log,
    );
    log.info({ orderId: order.id }, 'order taken');
    response.status(202).location(`/v1/orders/${order.id}`).json(order);
  };

const listOrders =
  ({ store, viewOf }: OrderRouteParts) =>
  async (request: Request, response: Response<OrderPage>) => {
    const query = OrderListQuery.safeParse(request.query);
    if (!query.success) throw invalidFields(query.error, 'query');
    const { status = null, limit, cursor } = query.data;
    const before = decodeCursor(cursor, OrderId);
    const { customer, isAdmin } = callerOf(response);
    const customerId = query.data.customerId ?? (isAdmin ? null : customer.id);
    const isOthers = !isAdmin && customerId !== customer.id;
    const states = isOthers
      ? []
      : await store.list({ status, customerId, before, limit: limit + 1 });
    const { items, nextCursor } = pageOf(states, limit);
    response.json({ orders: items.map(viewOf), nextCursor });
  };

const cancelOrder =
  ({ workflow, viewOf }: OrderRouteParts) =>
  async (request: Request, response: Response<Order>) => {
    const id = orderIdOf(request);
    const { trace, log } = contextOf(response);
    const step = await workflow.apply(id, { type: 'cancel' }, trace, log);
    if (!step) throw noSuchOrder(id);
    const { status } = step.state;
    if (status !== 'canceled') {
      throw new ProblemError(409, 'order-ended', 'The order has ended', {
        detail: `It is ${status} and cannot be canceled.`,
      });
    }
    response.json(viewOf(step.state));
  };

/** A retry that was repeated, because its answer got lost, finds the order under way. */
const retryOrder =
  ({ workflow, openOrders, viewOf }: OrderRouteParts) =>
  async (request: Request, response: Response<Order>) => {
    const id = orderIdOf(request);
    const { trace, log } = contextOf(response);
    const step = await openOrders.admit(callerOf(response), () =>
      workflow.apply(id, { type: 'retry' }, trace, log),
    );
    if (!step) throw noSuchOrder(id);
    const { status, retriedAt, expiredAt } = step.state;
    if (isEnded(step.state) || retriedAt === null) {
      const detail =
        expiredAt === null
          ? `It is ${status}; one that failed, was canceled or timed out can be.`
          : `Its files were removed at ${expiredAt}: order it again.`;
      throw new ProblemError(409, 'order-not-retryable', 'The order cannot be begun again', {
        detail,
      });
    }
    response.status(202).json(viewOf(step.state));
  };

const listJobs =
  ({ store }: OrderRouteParts) =>
  async (request: Request, response: Response<OrderJobs>) => {
    const id = orderIdOf(request);
    const order = await store.read(id);
    if (!order) throw noSuchOrder(id);
    response.json({ jobs: jobsView(order.state) });
  };

const removeOrder =
  ({ deleteOrder }: OrderRouteParts) =>
  async (request: Request, response: Response) => {
    const id = orderIdOf(request);
    const result = await deleteOrder(id);
    if (result === 'not_found') throw noSuchOrder(id);
    if (result === 'not_ended') {
      throw new ProblemError(409, 'order-not-ended', 'The order has not ended', {
        detail: `Cancel it first: POST /v1/orders/${id}/cancel`,
      });
    }
    contextOf(response).log.info({ orderId: id }, 'order deleted');
    response.status(204).end();
  };

/** Orders: create, list, read, cancel, retry, delete. */
export function orderRoutes(parts: OrderRouteParts): Router {
  const router = Router();
  router.post('/v1/orders', json({ limit: BODY_LIMIT }), postOrder(parts));
  router.get('/v1/orders', listOrders(parts));
  router.get('/v1/orders/:id', async (request, response) => {
    const state = await readOrThrow(parts.store, orderIdOf(request));
    response.json(parts.viewOf(state));
  });
  router.delete('/v1/orders/:id', removeOrder(parts));
  router.post('/v1/orders/:id/cancel', cancelOrder(parts));
  router.post('/v1/orders/:id/retry', retryOrder(parts));
  router.get('/v1/orders/:id/jobs', listJobs(parts));
  return router;
}
