import { expect, test } from '@jest/globals';
import { isBelow, readS3Address } from './s3-address.ts';

test('names a bucket and a key, which is taken as it is', () => {
  expect(readS3Address('s3://acme-media/in/Film 1.mp4'.replace(' ', '+'))).toEqual({
    bucket: 'acme-media',
    key: 'in/Film+1.mp4',
  });
  expect(readS3Address('s3://acme-media/')).toEqual({ bucket: 'acme-media', key: '' });
  expect(readS3Address('s3://acme-media/in/')).toEqual({ bucket: 'acme-media', key: 'in/' });
});

const tricks = [
  's3://acme/in/../secret',
  's3://acme/in/./film',
  's3://acme/in//film',
  's3://acme//film',
  's3://acme/in/%2e%2e/secret',
  's3://acme/in%2ffilm',
  's3://acme/in/film?versionId=1',
  's3://acme/in/film#x',
  's3://acme/in\\film',
  's3://acme/in/film\n',
  's3://acme/in/a b',
  's3://ACME/in/film',
  's3://acme@evil/in/film',
  's3://acme:80/in/film',
  's3://acme',
  'S3://acme/in/film',
  `s3://acme/in/${'x'.repeat(1100)}`,
  'https://acme/in/film',
];

test.each(tricks)('%j is no such address, and below nothing', (url) => {
  expect(readS3Address(url)).toBeNull();
  expect(isBelow(url, ['s3://acme/', 's3://acme/in/', 'https://acme/'])).toBe(false);
});

test('below is by whole folders', () => {
  const prefixes = ['s3://acme/in/', 's3://other/'];
  expect(isBelow('s3://acme/in/film.mp4', prefixes)).toBe(true);
  expect(isBelow('s3://other/film.mp4', prefixes)).toBe(true);
  expect(isBelow('s3://acme/input/film.mp4', prefixes)).toBe(false);
  expect(isBelow('s3://acme/in', prefixes)).toBe(false);
  expect(isBelow('s3://acme2/in/film.mp4', prefixes)).toBe(false);
  expect(isBelow('s3://acme/in/film.mp4', ['s3://acme/in/f'])).toBe(false);
  expect(isBelow('s3://acme/in/film.mp4', [])).toBe(false);
});
