import { ulid } from 'ulid';
import * as z from 'zod';

/** Ids are prefixed ULIDs: they sort by the time they were made. */
const ULID = '[0-9A-HJKMNP-TV-Z]{26}';

export const OrderId = z
  .string()
  .regex(new RegExp(`^ord_${ULID}$`))
  .meta({ example: 'ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2' });

/** Of the customer, as the operator names it; it stands in addresses, messages and labels. */
export const CustomerId = z
  .string()
  .regex(/^[a-zA-Z0-9][\w.-]{0,62}$/, '1 to 63 letters, digits, dots, hyphens or underscores')
  .meta({ example: 'acme' });

export const UploadId = z
  .string()
  .regex(new RegExp(`^upl_${ULID}$`))
  .meta({ example: 'upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2' });

export const WebhookEndpointId = z
  .string()
  .regex(new RegExp(`^whe_${ULID}$`))
  .meta({ example: 'whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2' });

/** Of one event that one endpoint is told of. */
export const WebhookDeliveryId = z
  .string()
  .regex(new RegExp(`^dlv_${ULID}$`))
  .meta({ example: 'dlv_01JD3Q5ZK7R8M2N4P6S8T0V1W2' });

export const ApiKeyId = z
  .string()
  .regex(new RegExp(`^key_${ULID}$`))
  .meta({ example: 'key_01JD3Q5ZK7R8M2N4P6S8T0V1W2' });

const randomBytes = new Uint8Array(512);
let randomBytesUsed = randomBytes.length;

/** 0 to 1, in 256 steps: a character of a ULID is one of 32. `ulid` alone asks the system for each of them. */
function random(): number {
  if (randomBytesUsed === randomBytes.length) {
    crypto.getRandomValues(randomBytes);
    randomBytesUsed = 0;
  }
  return (randomBytes[randomBytesUsed++] ?? 0) / 256;
}

export const newOrderId = (): string => `ord_${ulid(undefined, random)}`;
export const newUploadId = (): string => `upl_${ulid(undefined, random)}`;
export const newWebhookEndpointId = (): string => `whe_${ulid(undefined, random)}`;
export const newWebhookDeliveryId = (): string => `dlv_${ulid(undefined, random)}`;
export const newApiKeyId = (): string => `key_${ulid(undefined, random)}`;

/** One try at a job; its files live under a prefix of their own, so two tries never mix. */
export const newAttemptId = (): string => `att_${ulid(undefined, random)}`;

/** Deterministic, so that an event told twice carries the same id, and its webhook is effective once. */
export const eventId = (orderId: string, sequence: number): string =>
  `evt_${orderId.slice('ord_'.length)}_${sequence}`;
