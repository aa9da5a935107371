import { expect, test } from '@jest/globals';
import { newOrderId } from '@spillway/contracts';
import { playbackTokens } from './playback-tokens.ts';

const tokens = playbackTokens('a secret of 32 characters or more');
const NOW = 1_795_000_000;
const order = newOrderId();
const token = tokens.create(order, NOW + 60);

test('a token is right until it expires', () => {
  expect(tokens.check(order, token, NOW)).toBe('valid');
  expect(tokens.check(order, token, NOW + 59.9)).toBe('valid');
  expect(tokens.check(order, token, NOW + 60)).toBe('expired');
});

test('the same order and expiry make the same token', () => {
  expect(tokens.create(order, NOW + 60)).toBe(token);
});

test('no character of it can be another, and it is no key to another order', () => {
  const others = [...token].map((character, at) => {
    const other = character === '.' ? '-' : character === 'a' ? 'b' : 'a';
    return token.slice(0, at) + other + token.slice(at + 1);
  });
  for (const other of others) expect(tokens.check(order, other, NOW)).toBe('wrong');
  expect(tokens.check(newOrderId(), token, NOW)).toBe('wrong');
  const elsewhere = playbackTokens('another secret of 32 characters or more');
  expect(elsewhere.check(order, token, NOW)).toBe('wrong');
});

test('what is no token is wrong, also the one that never expires', () => {
  const [expiry = '', signature = ''] = token.split('.');
  for (const text of [
    '',
    '.',
    expiry,
    `${expiry}.`,
    `.${signature}`,
    `0${token}`,
    `${token}=`,
    ` ${token}`,
    token.toUpperCase(),
    `${token}/..`,
    tokens.create(order, 0),
    tokens.create(order, -1),
  ]) {
    expect(tokens.check(order, text, NOW)).toBe('wrong');
  }
});
