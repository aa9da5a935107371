import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Database } from '@spillway/database';
import { openOrderDatabase } from '../../testing/database.ts';
import { sqlScalingLease } from './scaling-lease.ts';

let database: Database;
beforeEach(async () => {
  database = await openOrderDatabase();
});
afterEach(() => database.close());

test('one holds the lease at a time, renews it, and others are told who', async () => {
  const ask = sqlScalingLease(database);
  const first = await ask({ holder: 'a', seconds: 30 });
  expect(first.holder).toBe('a');
  expect(await ask({ holder: 'b', seconds: 300 })).toEqual(first);
  const renewed = await ask({ holder: 'a', seconds: 60 });
  expect(renewed.holder).toBe('a');
  expect(Date.parse(renewed.expiresAt)).toBeGreaterThan(Date.parse(first.expiresAt));
});

test('a lease that was given up or has ended is another’s for the asking', async () => {
  const ask = sqlScalingLease(database);
  await ask({ holder: 'a', seconds: 30 });
  await ask({ holder: 'a', seconds: 0 });
  expect(await ask({ holder: 'b', seconds: 30 })).toMatchObject({ holder: 'b' });
  await database.query("UPDATE leases SET expires_at = now() - interval '1 second'");
  expect(await ask({ holder: 'a', seconds: 30 })).toMatchObject({ holder: 'a' });
});

test('of many who ask at once one gets it', async () => {
  const ask = sqlScalingLease(database);
  const names = ['a', 'b', 'c', 'd', 'e'];
  const answers = await Promise.all(names.map((holder) => ask({ holder, seconds: 30 })));
  expect(new Set(answers.map(({ holder }) => holder)).size).toBe(1);
});
