import * as z from 'zod';
import { CustomerId } from './ids.ts';
import { Text } from './text.ts';

/** What a source may be. A worker that is told none goes by its own settings. */
export const SourceLimits = z
  .object({
    bytes: z.int().positive(),
    seconds: z.number().positive(),
    /** Of one picture: width times height. */
    pixels: z.int().positive(),
  })
  .meta({ id: 'SourceLimits' });
export type SourceLimits = z.infer<typeof SourceLimits>;

export const CustomerLimits = z
  .object({
    /** Orders that have not ended. */
    openOrders: z.int().positive(),
    /** On average; twice as many at once. */
    requestsPerSecond: z.number().positive(),
    source: SourceLimits,
  })
  .meta({ id: 'CustomerLimits' });
export type CustomerLimits = z.infer<typeof CustomerLimits>;

/** Objects below it, slash at the end: `s3://bucket/folder/`. */
export const S3Prefix = Text.max(1100)
  .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/(?:[^\s?#]*\/)?$/, 's3://bucket/folder/')
  .meta({ example: 's3://acme-media/incoming/' });

/** For whom orders are made: an API key speaks for one. */
export const Customer = z
  .object({
    id: CustomerId,
    limits: CustomerLimits,
    /** Where its `s3:` sources may be. */
    sourcePrefixes: z.array(S3Prefix),
    /** Where its outputs may be delivered to. */
    destinationPrefixes: z.array(S3Prefix),
  })
  .meta({ id: 'Customer' });
export type Customer = z.infer<typeof Customer>;

/** Limits that the operator chose for one customer; the service's own hold for the rest. */
export const OwnLimits = z
  .strictObject({
    ...CustomerLimits.shape,
    source: z.strictObject(SourceLimits.shape).partial(),
  })
  .partial()
  .meta({ id: 'OwnLimits', description: 'What is left out is as the service is set.' });
export type OwnLimits = z.infer<typeof OwnLimits>;

/** The body of PUT /v1/customers/{id}: all that the operator chooses. */
export const CustomerSettings = z
  .strictObject({
    limits: OwnLimits.default({}),
    sourcePrefixes: z.array(S3Prefix).max(100).default([]),
    destinationPrefixes: z.array(S3Prefix).max(100).default([]),
  })
  .meta({ id: 'CustomerSettings' });
export type CustomerSettings = z.infer<typeof CustomerSettings>;

/** A customer as the operator sees it. */
export const CustomerRecord = Customer.extend({
  ownLimits: OwnLimits.meta({ description: 'Those of the limits that were set for it alone.' }),
  createdAt: z.iso.datetime(),
}).meta({ id: 'CustomerRecord' });
export type CustomerRecord = z.infer<typeof CustomerRecord>;

export const CustomerPage = z
  .object({ customers: z.array(CustomerRecord), nextCursor: z.string().nullable() })
  .meta({ id: 'CustomerPage' });
export type CustomerPage = z.infer<typeof CustomerPage>;
