import { expect, test } from '@jest/globals';
import { DatabaseError } from '@spillway/database';
import { problemOf } from './problems.ts';

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
