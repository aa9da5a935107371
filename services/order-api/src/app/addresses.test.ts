import { expect, test } from '@jest/globals';
import { AT, acceptOrder, addressesOf, PUBLIC_URL } from '../testing/orders.ts';
import { playbackTokens } from './playback-tokens.ts';

const tokens = playbackTokens('a secret of 32 characters or more');
const seconds = (time: string) => Date.parse(time) / 1000;

test('a public order has lasting addresses', () => {
  const { state } = acceptOrder();
  expect(addressesOf(state, AT)).toEqual({
    files: `${PUBLIC_URL}/v1/orders/${state.id}`,
    page: `${PUBLIC_URL}/play/${state.id}`,
  });
});

test('a signed order’s addresses hold a token, the same one for ten minutes', () => {
  const { state } = acceptOrder({ playback: 'signed' });
  const { files, page } = addressesOf(state, AT);
  const token = files.slice(files.lastIndexOf('/') + 1);
  expect(files).toBe(`${PUBLIC_URL}/v1/orders/${state.id}/signed/${token}`);
  expect(page).toBe(`${PUBLIC_URL}/play/${state.id}/${token}`);
  expect(tokens.check(state.id, token, seconds(AT) + 6 * 3600 - 1)).toBe('valid');
  expect(tokens.check(state.id, token, seconds(AT) + 6 * 3600 + 600)).toBe('expired');
  expect(addressesOf(state, '2026-11-23T05:00:01.000Z')).toEqual(
    addressesOf(state, '2026-11-23T05:09:59.000Z'),
  );
  expect(addressesOf(state, '2026-11-23T05:10:01.000Z')).not.toEqual({ files, page });
});
