import { expect, test } from '@jest/globals';
import { newOrderId } from '@spillway/contracts';
import { mediaBase } from './media-base.ts';
import { playbackTokens } from './playback-tokens.ts';

const tokens = playbackTokens('a secret of 32 characters or more');
const id = newOrderId();

test('without a CDN media is served here', () => {
  expect(mediaBase(null, tokens)(id, null)).toBeNull();
  expect(mediaBase(null, tokens)(id, 'token')).toBeNull();
});

test('a CDN that checks no tokens is shown none, and no signed order', () => {
  const base = mediaBase('https://cdn.example.com', tokens);
  expect(base(id, null)).toBe('https://cdn.example.com');
  expect(base(id, 'token')).toBeNull();
});

test('a CDN that checks tokens is shown the viewer’s, or one that never expires', () => {
  const base = mediaBase('https://cdn.example.com/signed/{token}', tokens);
  expect(base(id, 'token')).toBe('https://cdn.example.com/signed/token');
  expect(base(id, null)).toBe(`https://cdn.example.com/signed/${tokens.create(id, 0)}`);
});
