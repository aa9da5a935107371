import { expect, test } from '@jest/globals';
import { sourceUrl } from './config.ts';

test.each(['https://a.example/x.mp4', 'file:///x.mp4', 's3://acme/in/x.mp4'])(
  '%s is an address and stays as it is',
  (address) => expect(sourceUrl(address)).toBe(address),
);

test('anything else is a path', () => {
  expect(sourceUrl('/films/s3:x.mp4')).toBe('file:///films/s3:x.mp4');
});
