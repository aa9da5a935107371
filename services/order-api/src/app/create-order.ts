import { createHash, randomUUID } from 'node:crypto';
import { type CreateOrder, newOrderId, type Order } from '@spillway/contracts';
import { inSpan, type Logger } from '@spillway/runtime';
import type { AddressesOf } from '../domain/addresses.ts';
import { accept, type Step } from '../domain/reduce.ts';
import { orderView } from '../domain/snapshot.ts';
import type { Caller } from './caller.ts';
import { orderIntake } from './intake.ts';
import type { OpenOrders } from './open-orders.ts';
import type { ReadOrderRequest } from './order-request.ts';
import type { KeyClaim, OrderStore, Trace } from './ports.ts';
import type { WorkEstimates } from './work-estimates.ts';

/** The key was used for another body. */
export class KeyOfOtherBody extends Error {
  override name = 'KeyOfOtherBody';
}

/** Another request with the key is still at work. */
export class KeyInProgress extends Error {
  override name = 'KeyInProgress';
}

export interface CreateOrderParts {
  readonly store: OrderStore;
  readonly addressesOf: AddressesOf;
  readonly estimates: Pick<WorkEstimates, 'current'>;
  readonly openOrders: OpenOrders;
  readonly readRequest: ReadOrderRequest;
  readonly onCommitted: (step: Step) => void;
}

export interface NewOrder {
  readonly caller: Caller;
  readonly body: CreateOrder;
  readonly idempotencyKey: string | null;
  readonly trace: Trace;
}

export type CreateOrderUseCase = (order: NewOrder, log: Logger) => Promise<Order>;

const hashOf = (body: CreateOrder): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('hex');

/** What the order sets going belongs to the span of its acceptance. */
const traced = (order: NewOrder, take: (order: NewOrder) => Promise<Order>): Promise<Order> =>
  inSpan('accept order', { parent: order.trace.traceparent }, async (span) => {
    const taken = await take({
      ...order,
      trace: { ...order.trace, traceparent: span.traceparent },
    });
    span.set({ 'spillway.order.id': taken.id, 'spillway.customer.id': taken.customerId });
    return taken;
  });

/**
 * Takes an order: when it resolves the order and its first job are durable (law 1). The same key with
 * the same body gives the same answer again. Throws `OrderRefused`, `TooManyOpenOrders`, `KeyOfOtherBody`,
 * `KeyInProgress`.
 */
export function orderCreator(parts: CreateOrderParts): CreateOrderUseCase {
  const { store, addressesOf, estimates, openOrders, readRequest, onCommitted } = parts;
  const intake = orderIntake(store);

  async function take({ caller, body, trace }: NewOrder, claim?: KeyClaim): Promise<Order> {
    const request = await readRequest(body, caller);
    const at = new Date().toISOString();
    const step = accept(
      { id: newOrderId(), customerId: caller.customer.id, request },
      at,
      addressesOf,
      estimates.current(),
    );
    const order = orderView(step.state, addressesOf(step.state, at));
    if (!claim) await intake({ step, trace });
    else if (!(await store.createOfKey({ step, trace }, claim, order))) throw new KeyInProgress();
    onCommitted(step);
    return order;
  }

  const create = (order: NewOrder, claim?: KeyClaim): Promise<Order> =>
    openOrders.admit(order.caller, () => traced(order, (inTrace) => take(inTrace, claim)));

  return async (order, log) => {
    const { caller, idempotencyKey: key, body } = order;
    const customerId = caller.customer.id;
    if (key === null) return create(order);
    const found = await store.claimKey({ customerId, key, claim: randomUUID() }, hashOf(body));
    if (found.kind === 'answered') return found.response;
    if (found.kind === 'other_body') throw new KeyOfOtherBody();
    if (found.kind === 'in_progress') throw new KeyInProgress();
    try {
      return await create(order, found.claim);
    } catch (error) {
      await store
        .releaseKey(found.claim)
        .catch((err: unknown) =>
          log.warn({ err }, 'an idempotency key stays claimed for a minute'),
        );
      throw error;
    }
  };
}
