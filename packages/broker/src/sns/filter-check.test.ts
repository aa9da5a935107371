import { expect, test } from '@jest/globals';
import { checkFilterPolicy } from './filter-check.ts';

const refusal = (policy: unknown, scope = 'MessageBody'): string => {
  try {
    checkFilterPolicy(policy, scope);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

const behind = (policy: unknown, column: number): string =>
  `\n at [Source: (String)"${JSON.stringify(policy)}"; line: 1, column: ${column}]`;

test.each([
  [{ key: [['value']] }, 'Match value must be String, number, true, false, or null', 10],
  [{ first: ['a'], key: [{ suffix: 100 }] }, 'suffix match pattern must be a string', 36],
  [{ key: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key allowed in match expression', 33],
  [{ outer: { key: [] } }, 'Empty arrays are not allowed', 19],
  [{ key: [{ 'anything-but': {} }] }, 'Match expression name not found', 27],
  [{ outer: { key: 'value' } }, '"key" must be an object or an array', 18],
  [{ key: [{ numeric: ['operator'] }] }, 'Unrecognized numeric range operator: operator', 32],
  [{ key: [{ numeric: ['>', 20, 'test'] }] }, 'Bad numeric range operator: test', 34],
  [{ key: [{ numeric: ['>', 3, '<', 1] }] }, 'Bottom must be less than top', 33],
  [
    { key: ['a', { 'anything-but': [null] }] },
    'Inside anything but list, start|null|boolean is not supported.',
    34,
  ],
])('%j is refused with the place of the fault', (policy, reason, column) => {
  expect(refusal(policy)).toBe(
    `Invalid parameter: FilterPolicy: ${reason}${behind(policy, column)}`,
  );
});

test('a policy of 150 combinations is accepted and one of 151 is not', () => {
  const values = Array.from({ length: 151 }, (_, index) => index);
  expect(refusal({ key: values.slice(1) })).toBe('accepted');
  expect(refusal({ key: values })).toBe(
    'Invalid parameter: FilterPolicy: Filter policy is too complex',
  );
});

test('only the scope of the body takes nested rules', () => {
  expect(refusal({ outer: { key: ['a'] } })).toBe('accepted');
  expect(refusal({ outer: { key: ['a'] } }, 'MessageAttributes')).toBe(
    'Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
  );
});
