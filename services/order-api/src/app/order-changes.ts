import { LRUCache } from 'lru-cache';
import type { AddressesOf } from '../domain/addresses.ts';
import type { Input } from '../domain/changes.ts';
import type { Estimates } from '../domain/estimates.ts';
import { isEnded, type OrderState } from '../domain/order.ts';
import { reduce, type Step } from '../domain/reduce.ts';
import type { NotificationsOf } from './notifications.ts';
import type { OrderStore, Trace, TracedStep, VersionedOrder } from './ports.ts';
import type { WorkEstimates } from './work-estimates.ts';

/** Bounds a statement; a film's 700 chunks may end within a second. */
const MOST_INPUTS_AT_ONCE = 100;
/** Bounds the memory of open orders: some kilobytes a job. */
const MOST_JOBS_REMEMBERED = 10_000;

export interface OrderChangesParts {
  readonly store: Pick<OrderStore, 'read' | 'write'>;
  readonly addressesOf: AddressesOf;
  readonly estimates: Pick<WorkEstimates, 'current'>;
  readonly notificationsOf: NotificationsOf;
  /** Hears of every change once it is durable: the relay has messages, listeners have events. */
  readonly onCommitted: (step: Step) => void;
}

export interface OrderChanges {
  /** Null when there is no such order. */
  submit(orderId: string, input: Input, trace: Trace): Promise<Step | null>;
  /** An order that was just created. */
  remember(created: OrderState): void;
}

interface Letter {
  readonly input: Input;
  readonly trace: Trace;
  resolve(step: Step | null): void;
  reject(error: unknown): void;
}

/** The steps of the letters one after the other. One that throws is rejected, has none and holds up no other. */
function decide(
  order: VersionedOrder,
  letters: readonly Letter[],
  addressesOf: AddressesOf,
  estimates: Estimates,
): { state: OrderState; steps: (Step | null)[] } {
  const at = new Date().toISOString();
  let { state } = order;
  const steps = letters.map(({ input, reject }) => {
    try {
      const step = reduce(state, input, at, addressesOf, estimates);
      state = step.state;
      return step;
    } catch (error) {
      reject(error);
      return null;
    }
  });
  return { state, steps };
}

/**
 * Changes orders: one write at a time for each, and what comes for an order meanwhile is the next
 * write together. Open orders are remembered, so that most changes read nothing; what another process
 * has changed is noticed by the version (law 2) and read again.
 */
export function orderChanges(parts: OrderChangesParts): OrderChanges {
  const { store, addressesOf, estimates, notificationsOf, onCommitted } = parts;
  const mailboxes = new Map<string, Letter[]>();
  const remembered = new LRUCache<string, VersionedOrder>({
    maxSize: MOST_JOBS_REMEMBERED,
    sizeCalculation: ({ state }) => 1 + Object.keys(state.jobs).length,
  });

  const remember = (order: VersionedOrder): void => {
    if (isEnded(order.state)) remembered.delete(order.state.id);
    else remembered.set(order.state.id, order);
  };

  const withNotifications = (changed: readonly TracedStep[]): Promise<TracedStep[]> =>
    Promise.all(
      changed.map(async (one) => ({ ...one, notifications: await notificationsOf(one.step) })),
    );

  /** The step of each letter, or null for all when there is no such order. */
  async function change(
    orderId: string,
    letters: readonly Letter[],
  ): Promise<(Step | null)[] | null> {
    for (;;) {
      const known = remembered.get(orderId);
      const order = known ?? (await store.read(orderId));
      if (!order) return null;
      const { state, steps } = decide(order, letters, addressesOf, estimates.current());
      const changed = steps.flatMap((step, place) => {
        const trace = letters[place]?.trace;
        return trace && step?.ignored === null ? [{ step, trace }] : [];
      });
      // What is remembered may be old: only the order as it is now tells that an input is none.
      const isCertain = !known || changed.length === steps.length;
      if (isCertain && changed.length === 0) return steps;
      if (isCertain && (await store.write(order, await withNotifications(changed)))) {
        remember({ state, version: order.version + 1 });
        for (const { step } of changed) onCommitted(step);
        return steps;
      }
      remembered.delete(orderId);
    }
  }

  async function empty(orderId: string, mailbox: Letter[]): Promise<void> {
    while (mailbox.length > 0) {
      const letters = mailbox.splice(0, MOST_INPUTS_AT_ONCE);
      try {
        const steps = await change(orderId, letters);
        for (const [place, { resolve }] of letters.entries()) resolve(steps?.[place] ?? null);
      } catch (error) {
        for (const { reject } of letters) reject(error);
      }
    }
    mailboxes.delete(orderId);
  }

  return {
    remember: (state) => remember({ state, version: 1 }),
    submit: (orderId, input, trace) =>
      new Promise((resolve, reject) => {
        const letter = { input, trace, resolve, reject };
        const mailbox = mailboxes.get(orderId);
        if (mailbox) return void mailbox.push(letter);
        const opened = [letter];
        mailboxes.set(orderId, opened);
        void empty(orderId, opened);
      }),
  };
}
