import { type CreateOrder, isBelow, readS3Address } from '@spillway/contracts';
import type { Caller } from './caller.ts';
import { OrderRefused } from './order-refused.ts';

/** Buckets are used by our credentials: a customer has its own only where the operator says so. */
function checkPlace(url: string, prefixes: readonly string[], field: string): void {
  if (!readS3Address(url)) {
    const sentence =
      'it is no address of the form s3://bucket/key, or holds `..`, an empty part, a blank or a percent sign: write the key as it is';
    throw new OrderRefused(field, sentence);
  }
  if (!isBelow(url, prefixes)) {
    throw new OrderRefused(field, 'it is in none of the buckets that the operator allows for you');
  }
}

export const isBucketAddress = (url: string): boolean => url.startsWith('s3:');

/** Throws `OrderRefused` for a source or a destination in a bucket that is not the customer's to name. */
export function checkBuckets({ source, outputs }: CreateOrder, { customer }: Caller): void {
  const { url } = source;
  if (url !== undefined && isBucketAddress(url)) {
    checkPlace(url, customer.sourcePrefixes, 'source.url');
    if (url.endsWith('/')) throw new OrderRefused('source.url', 'it names a folder, not a file');
  }
  if (outputs.destination !== undefined) {
    checkPlace(outputs.destination, customer.destinationPrefixes, 'outputs.destination');
  }
}
