import { expect, test } from '@jest/globals';
import { compileFilter } from './filter.ts';

const matches = (policy: object, body: unknown): boolean =>
  compileFilter(JSON.stringify(policy), 'MessageBody')(undefined, JSON.stringify(body));

test.each([
  ['one object of a list has all that is asked for', { a: [{ x: 1, y: 2 }] }, true],
  ['two objects of a list have it together only', { a: [{ x: 1 }, { y: 2 }] }, false],
  ['the object is in a list of lists', { a: [[{ x: 3 }], [[{ x: 1, y: 2 }]]] }, true],
  ['values are lists themselves', { a: { x: [0, 1], y: [2, 3] } }, true],
  ['the list is empty', { a: [] }, false],
])('rules below a list: %s', (_, body, expected) => {
  expect(matches({ a: { x: [1], y: [2] } }, body)).toBe(expected);
});

test.each([
  [{ a: { b: 1 } }, true],
  [{ 'a.b': 1 }, true],
  [{ a: { b: { c: 1 } } }, false],
  [{ a: [1] }, false],
  [{}, false],
])('a dotted path is a nested key or a key with dots: %j', (body, expected) => {
  expect(matches({ 'a.b': [1] }, body)).toBe(expected);
});

test.each([
  [{ a: { b: 1 } }, false],
  [{ a: { b: [] } }, true],
  [{ a: { c: 1 } }, true],
  [{ a: 1 }, true],
  [{}, true],
])('a key is missed: %j', (body, expected) => {
  expect(matches({ a: { b: [{ exists: false }] } }, body)).toBe(expected);
});

test('long lists under several keys are not combined with each other', () => {
  const list = Array.from({ length: 20_000 }, (_, x) => ({ x }));
  const policy = { a: { x: [19_999] }, b: { x: [19_999] }, c: { x: [-1] } };
  expect(matches(policy, { a: list, b: list, c: list })).toBe(false);
  expect(matches(policy, { a: list, b: list, c: [{ x: -1 }] })).toBe(true);
});

test('a policy whose alternatives multiply is given up before they are made', () => {
  const keys = Array.from({ length: 40 }, (_, index) => [
    `key${index}`,
    { $or: [{ x: [1] }, { y: [1] }] },
  ]);
  expect(() => matches(Object.fromEntries(keys), {})).toThrow('Filter policy is too complex');
});
