import { deriveKey } from './secret.ts';

/** As Standard Webhooks writes them. */
const written = (key: Buffer): string => `whsec_${key.toString('base64')}`;

/** Signs what an endpoint is told; `version` counts from 1 and grows with every rotation. */
export const endpointSecret = (secret: string, endpointId: string, version: number): string =>
  written(deriveKey(secret, `webhook/${endpointId}/${version}`));

/** Signs the webhooks that a customer's orders name themselves. */
export const customerWebhookSecret = (secret: string, customerId: string): string =>
  written(deriveKey(secret, `webhook/customer/${customerId}`));
