import { expect, test } from '@jest/globals';
import { type Answer, checkResumed, readFirst } from './answer.ts';

const answer = (status: number, more: Partial<Answer> = {}): Answer => ({
  status,
  contentLength: undefined,
  contentRange: undefined,
  etag: undefined,
  lastModified: undefined,
  ...more,
});

test.each([
  [404, 'source_not_found'],
  [410, 'source_not_found'],
  [403, 'source_not_found'],
  [401, 'source_not_found'],
  [204, 'source_not_found'],
  [500, 'source_unreachable'],
  [503, 'source_unreachable'],
  [429, 'source_unreachable'],
  [408, 'source_unreachable'],
])('an answer of %i is %s', (status, code) => {
  expect(() => readFirst(answer(status))).toThrow(expect.objectContaining({ code }));
});

test('a transfer is taken up again by a strong ETag, else by the date, else not', () => {
  const lastModified = 'Mon, 02 Nov 2026 10:00:00 GMT';
  expect(readFirst(answer(200, { etag: '"a"', lastModified })).validator).toBe('"a"');
  expect(readFirst(answer(200, { etag: 'W/"a"', lastModified })).validator).toBe(lastModified);
  expect(readFirst(answer(200, { etag: 'W/"a"' })).validator).toBeNull();
});

const source = { totalBytes: 100, validator: '"a"' };
const resumed = (status: number, more: Partial<Answer> = {}) =>
  checkResumed(answer(status, more), source, 40);

test('the rest of the same source is accepted', () => {
  expect(() => resumed(206, { contentRange: 'bytes 40-99/100', etag: '"a"' })).not.toThrow();
  expect(() => resumed(206, { contentRange: 'bytes 40-99/*' })).not.toThrow();
});

test.each([
  ['another ETag', 206, { contentRange: 'bytes 40-99/100', etag: '"b"' }],
  ['another length', 206, { contentRange: 'bytes 40-119/120', etag: '"a"' }],
  ['a whole answer with another ETag', 200, { etag: '"b"' }],
  ['a range that is not there any more', 416, {}],
])('%s means that the source changed', (_name, status, more) => {
  expect(() => resumed(status, more)).toThrow(expect.objectContaining({ code: 'source_changed' }));
});

test.each([
  ['a whole answer with the same ETag', 200, { etag: '"a"' }],
  ['a rest that begins elsewhere', 206, { contentRange: 'bytes 0-99/100', etag: '"a"' }],
  ['no range at all', 206, {}],
])('%s cannot be joined to what is here', (_name, status, more) => {
  expect(() => resumed(status, more)).toThrow(
    expect.objectContaining({ code: 'source_unreachable' }),
  );
});
