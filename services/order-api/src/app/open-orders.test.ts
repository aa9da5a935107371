import { expect, test } from '@jest/globals';
import { sampleCustomer } from '@spillway/contracts/testing';
import type { Caller } from './caller.ts';
import { openOrders, TooManyOpenOrders } from './open-orders.ts';

const callerWith = (limit: number, isAdmin = false): Caller => ({
  customer: sampleCustomer({ limits: { ...sampleCustomer().limits, openOrders: limit } }),
  isAdmin,
});

const taken = async () => 'taken';

test('orders are taken up to the limit, those at the same time included', async () => {
  const { admit } = openOrders({ countOpen: async () => 7 });
  const answers = await Promise.allSettled(
    Array.from({ length: 5 }, () => admit(callerWith(10), taken)),
  );
  expect(answers.map(({ status }) => status)).toEqual([
    ...['fulfilled', 'fulfilled', 'fulfilled'],
    ...['rejected', 'rejected'],
  ]);
  await expect(admit(callerWith(10), taken)).rejects.toThrow(TooManyOpenOrders);
});

test('an order that was refused for another reason does not count', async () => {
  const { admit } = openOrders({ countOpen: async () => 0 });
  const refused = admit(callerWith(1), () => Promise.reject(new Error('a wrong address')));
  await expect(refused).rejects.toThrow('a wrong address');
  await expect(admit(callerWith(1), taken)).resolves.toBe('taken');
});

test('the database is asked once for many orders', async () => {
  let asked = 0;
  const { admit } = openOrders({
    countOpen: async () => {
      asked += 1;
      return 0;
    },
  });
  await Promise.all(Array.from({ length: 100 }, () => admit(callerWith(1000), taken)));
  expect(asked).toBe(1);
});

test('operators may always', async () => {
  const { admit } = openOrders({ countOpen: async () => 10 });
  await expect(admit(callerWith(1, true), taken)).resolves.toBe('taken');
});
