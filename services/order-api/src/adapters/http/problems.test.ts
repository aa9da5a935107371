import { expect, test } from '@jest/globals';
import { DatabaseError } from '@spillway/database';
import { createLogger } from '@spillway/runtime';
import { problemOf, translateErrors } from './problems.ts';

test.each([
  ['a full disk', '53100'],
  ['too many connections', '53300'],
  ['a shutdown', '57P01'],
  ['a lost connection', '08006'],
  ['a refused connection', 'ECONNREFUSED'],
  ['a database that has stopped', undefined],
])('%s is said to pass', (_name, code) => {
  const problem = problemOf(new DatabaseError('no', { code }));
  expect(problem).toMatchObject({ status: 503, kind: 'database-unavailable' });
});

test('a wrong statement is our fault, not a passing one', () => {
  const error = new DatabaseError('syntax error', { code: '42601' });
  expect(problemOf(error)).toBe(error);
});

test.each([
  ['/v1/uploads/upl_1/SECRET', '/v1/uploads/upl_1/...'],
  ['/v1/uploads/upl_1/SECRET/complete', '/v1/uploads/upl_1/.../complete'],
  ['/v1/orders/ord_1/signed/SECRET/playback/a.m3u8', '/v1/orders/ord_1/signed/.../playback/a.m3u8'],
  ['/play/ord_1/SECRET?x', '/play/ord_1/...?x'],
  ['/v1/orders/ord_1/jobs', '/v1/orders/ord_1/jobs'],
])('%s is logged without a token', (url, logged) => {
  const request = { url, method: 'GET' };
  const next: unknown[] = [];
  const handle = translateErrors(createLogger('test', 'silent')) as (...all: unknown[]) => void;
  handle(new Error('x'), request, {}, (error: unknown) => next.push(error));
  expect(request.url).toBe(logged);
  expect(next).toHaveLength(1);
});
