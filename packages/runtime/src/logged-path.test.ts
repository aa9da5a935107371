import { expect, test } from '@jest/globals';
import { loggedPath } from './logged-path.ts';

const ORDER = 'ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
const ATTEMPT = 'encode-chunk-0-att_01JD3Q5ZK7R8M2N4P6S8T0V1W2';

test('ids stay, tokens do not', () => {
  const token = 'toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K';
  expect(loggedPath(`/v1/orders/${ORDER}/signed/${token}/${ATTEMPT}/720p/00001.m4s`)).toBe(
    `/v1/orders/${ORDER}/signed/***/${ATTEMPT}/720p/00001.m4s`,
  );
  expect(loggedPath(`/play/${ORDER}/${token}`)).toBe(`/play/${ORDER}/***`);
  expect(loggedPath('/v1/orders')).toBe('/v1/orders');
});
