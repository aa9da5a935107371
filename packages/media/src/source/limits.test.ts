import { expect, test } from '@jest/globals';
import { sampleMedia } from '@spillway/contracts/testing';
import { checkAllowed } from './limits.ts';

// Of 2 seconds and 426x240.
const check = (seconds: number, pixels: number) => () =>
  checkAllowed(sampleMedia, { seconds, pixels });

test('a source as long and as large as is allowed is taken', () => {
  expect(check(2, 426 * 240)).not.toThrow();
});

test.each([
  ['longer', check(1.9, 426 * 240), 'at most 1.9 s are allowed'],
  ['larger', check(2, 426 * 240 - 1), 'at most 102239 pixels are allowed'],
])('one that is %s is too large, and told the limit', (_, refused, sentence) => {
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'source_too_large',
      retryable: false,
      message: expect.stringContaining(sentence),
    }),
  );
});
