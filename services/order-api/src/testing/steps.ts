import type { JobResult } from '@spillway/contracts';
import type { Input } from '../domain/changes.ts';
import type { OrderState } from '../domain/order.ts';
import { reduce, type Step } from '../domain/reduce.ts';
import { AT, acceptOrder, addressesOf, planOfChunks, succeeded } from './orders.ts';

export const step = (state: OrderState, input: Input): Step =>
  reduce(state, input, AT, addressesOf);
export const result = (state: OrderState, told: JobResult): Step =>
  step(state, { type: 'result', result: told });

export function only<T>(list: readonly T[]): T {
  const [one, ...more] = list;
  if (one === undefined || more.length > 0) throw new Error(`${list.length} instead of one`);
  return one;
}

export const fileOrder = () => acceptOrder({ source: { url: 'file:///films/a%20b.mp4' } });

/** An order whose prepare planned chunks: the state, and the jobs that were sent. */
export function planned(chunks: number, audio = true): Step {
  const accepted = fileOrder();
  return result(
    accepted.state,
    succeeded(only(accepted.jobs), { plan: planOfChunks(chunks, audio) }),
  );
}

export const types = ({ events }: Step): string[] => events.map(({ type }) => type);
