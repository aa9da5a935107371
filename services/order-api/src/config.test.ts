import { expect, test } from '@jest/globals';
import { ConfigError } from '@spillway/runtime';
import { readOrderApiConfig } from './config.ts';
import { testConfig } from './testing/api.ts';

const mediaBaseUrl = (url: string): string | null =>
  readOrderApiConfig({
    SPILLWAY_SECRET: testConfig().secret,
    SPILLWAY_MEDIA_BASE_URL: url,
  }).mediaBaseUrl;

test.each([
  ['https://cdn.example.com', 'https://cdn.example.com'],
  ['https://cdn.example.com/a/{token}/', 'https://cdn.example.com/a/{token}'],
  ['http://127.0.0.1:9000/{token}/b', 'http://127.0.0.1:9000/{token}/b'],
])('a CDN may be at %s', (url, read) => {
  expect(mediaBaseUrl(url)).toBe(read);
});

test.each([
  'cdn.example.com',
  'ftp://cdn.example.com',
  'https://{token}.example.com',
  'https://cdn.example.com/{Token}',
  'https://cdn.example.com/{token}/{token}',
  'https://cdn.example.com/?t={token}',
  'https://cdn.example.com:port/{token}',
])('a CDN cannot be at %s', (url) => {
  expect(() => mediaBaseUrl(url)).toThrow(ConfigError);
});
