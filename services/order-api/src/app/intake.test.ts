import { expect, test } from '@jest/globals';
import { DatabaseError } from '@spillway/database';
import { acceptOrder } from '../testing/orders.ts';
import { orderIntake } from './intake.ts';
import type { TracedStep } from './ports.ts';

const trace = { traceparent: '00-x-y-01' };
const order = (): TracedStep => ({ step: acceptOrder(), trace });
const idOf = ({ step }: TracedStep): string => step.state.id;

test('writes an order alone at once, and those that come meanwhile together', async () => {
  const written: string[][] = [];
  const first = Promise.withResolvers<void>();
  const take = orderIntake({
    async create(orders) {
      written.push(orders.map(idOf));
      if (written.length === 1) await first.promise;
    },
  });
  const orders = Array.from({ length: 100 }, order);
  const taken = orders.map(take);
  first.resolve();
  await Promise.all(taken);
  expect(written.map((ids) => ids.length)).toEqual([1, 64, 35]);
  expect(written.flat()).toEqual(orders.map(idOf));
});

test('fails the order that cannot be written, and no other', async () => {
  const orders = Array.from({ length: 10 }, order);
  const bad = orders[4] ?? order();
  const written = new Set<string>();
  const take = orderIntake({
    async create(batch) {
      if (batch.some((each) => idOf(each) === idOf(bad))) throw new Error('no');
      for (const each of batch) written.add(idOf(each));
    },
  });
  const outcomes = await Promise.allSettled(orders.map(take));
  const failed = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
  expect(failed).toEqual([4]);
  expect([...written].sort()).toEqual(
    orders
      .filter((each) => each !== bad)
      .map(idOf)
      .sort(),
  );
});

test('while the database is away all that wait are refused at once', async () => {
  let writes = 0;
  const first = Promise.withResolvers<void>();
  const take = orderIntake({
    async create() {
      writes += 1;
      await first.promise;
      throw new DatabaseError('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
    },
  });
  const taken = Promise.allSettled(Array.from({ length: 50 }, () => take(order())));
  first.resolve();
  const outcomes = await taken;
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(writes).toBe(2);
});
