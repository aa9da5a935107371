import { expect, test } from '@jest/globals';
import { sampleCustomer } from '@spillway/contracts/testing';
import { ProblemError } from '@spillway/runtime';
import type { Request, Response } from 'express';
import { requestRate } from './request-rate.ts';

/** Whether a request of that customer passes now; else how many seconds it is told to wait. */
function limiter(requestsPerSecond: number) {
  const clock = { ms: 0 };
  const handler = requestRate(() => clock.ms);
  const ask = (id: string, isAdmin = false): true | string => {
    const limits = { ...sampleCustomer().limits, requestsPerSecond };
    const response = { locals: { caller: { customer: sampleCustomer({ id, limits }), isAdmin } } };
    try {
      handler({} as Request, response as unknown as Response, () => {});
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      expect(error).toMatchObject({ status: 429, kind: 'rate-limited' });
      return error.headers['retry-after'] ?? 'never';
    }
  };
  return { clock, ask };
}

test('a customer is held up, told for how long, and then let pass', () => {
  const { clock, ask } = limiter(0.25);
  expect(ask('acme')).toBe(true);
  expect(ask('acme')).toBe('4');
  clock.ms += 3_999;
  expect(ask('acme')).toBe('1');
  clock.ms += 1;
  expect(ask('acme')).toBe(true);
});

test('another customer is not held up with it, and operators never are', () => {
  const { ask } = limiter(1);
  expect([ask('acme'), ask('acme'), ask('acme')]).toEqual([true, true, '1']);
  expect(ask('other')).toBe(true);
  expect(ask('acme', true)).toBe(true);
});

test('a flood of 1000 orders at once passes by default', () => {
  const { ask } = limiter(1000);
  expect(Array.from({ length: 1000 }, () => ask('acme'))).not.toContain('1');
});
