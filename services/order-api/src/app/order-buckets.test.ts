import { expect, test } from '@jest/globals';
import { CreateOrder } from '@spillway/contracts';
import { sampleCustomer } from '@spillway/contracts/testing';
import { checkBuckets } from './order-buckets.ts';

const caller = {
  customer: sampleCustomer({
    sourcePrefixes: ['s3://acme/in/'],
    destinationPrefixes: ['s3://acme/out/'],
  }),
  isAdmin: false,
};

const check = (url: string, destination?: string) => () =>
  checkBuckets(CreateOrder.parse({ source: { url }, outputs: { destination } }), caller);

test('a customer names its own buckets', () => {
  expect(check('s3://acme/in/films/a.mp4', 's3://acme/out/')).not.toThrow();
  expect(check('https://acme.example/a.mp4', 's3://acme/out/films/')).not.toThrow();
});

test.each([
  's3://other/in/a.mp4',
  's3://acme/out/a.mp4',
  's3://acme/in/../out/a.mp4',
  's3://acme/in/%2e%2e/a.mp4',
  's3://acme/in/',
  's3://acme/in',
  's3://acme',
  's3:',
])('refuses the source %s', (url) => {
  expect(check(url)).toThrow(expect.objectContaining({ field: 'source.url' }));
});

test.each(['s3://acme/in/', 's3://acme/', 's3://acme/out/../in/', 's3://acme/out//'])(
  'refuses the destination %s',
  (destination) => {
    const refused = expect.objectContaining({ field: 'outputs.destination' });
    expect(check('https://acme.example/a.mp4', destination)).toThrow(refused);
  },
);

test("without prefixes no bucket is anybody's", () => {
  const nobody = { ...caller, customer: sampleCustomer() };
  const order = CreateOrder.parse({ source: { url: 's3://acme/in/a.mp4' } });
  expect(() => checkBuckets(order, nobody)).toThrow('none of the buckets');
});
