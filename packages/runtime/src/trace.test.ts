import { expect, test } from '@jest/globals';
import { childTraceparent, traceIdOf } from './trace.ts';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('a child stays in the trace of its parent, as a span of its own', () => {
  const child = childTraceparent(parent);
  expect(traceIdOf(child)).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(child).not.toBe(parent);
});

test.each([undefined, '', 'garbage', parent.toUpperCase()])(
  'without a valid parent (%s) a new trace begins',
  (invalid) => {
    expect(traceIdOf(childTraceparent(invalid))).toMatch(/^[0-9a-f]{32}$/);
  },
);
