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

test('what does not answer is logged without the token of an address', () => {
  const lines: string[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  const token = 'x'.repeat(24);
  const handle = translateErrors(log) as (...all: unknown[]) => void;
  const request = { method: 'GET', path: `/v1/orders/ord_1/signed/${token}/playback/a.m3u8` };
  handle(new DatabaseError('no', { code: '08006' }), request, {}, () => undefined);
  expect(lines.join('')).toContain('/v1/orders/ord_1/signed/***/playback/a.m3u8');
});
