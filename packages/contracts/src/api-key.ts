import * as z from 'zod';
import { ApiKeyId, CustomerId } from './ids.ts';

const Time = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });

/** A key as it is listed: never the key itself. */
export const ApiKey = z
  .object({
    id: ApiKeyId,
    customerId: CustomerId.nullable().meta({ description: 'Null: a key of the operator.' }),
    hint: z.string().meta({ description: 'Its last four characters.', example: 'x7Qk' }),
    createdAt: Time,
    revokedAt: Time.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

/** The body of POST /v1/keys. */
export const CreateApiKey = z
  .strictObject({
    customerId: CustomerId.optional().meta({
      description: 'For whom it speaks; the customer is made when there is none yet.',
    }),
    admin: z.literal(true).optional().meta({ description: 'A key of the operator, instead.' }),
  })
  .refine(({ customerId, admin }) => (customerId === undefined) !== (admin === undefined), {
    message: 'either customerId or admin',
  })
  .meta({ id: 'CreateApiKey' });
export type CreateApiKey = z.infer<typeof CreateApiKey>;

export const CreatedApiKey = ApiKey.extend({
  key: z.string().meta({
    description: 'The key: shown now and never again.',
    example: 'spw_01JD3Q5ZK7R8M2N4P6S8T0V1W2_2vJ8mQ0cYb7sKf1LrD5tXe9aHn4pUz3wGi6oRj_Tx7Qk',
  }),
}).meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const ApiKeyPage = z
  .object({ keys: z.array(ApiKey), nextCursor: z.string().nullable() })
  .meta({ id: 'ApiKeyPage' });
export type ApiKeyPage = z.infer<typeof ApiKeyPage>;
