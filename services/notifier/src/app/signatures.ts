import type { Notification } from '@spillway/contracts';
import { customerWebhookSecret, endpointSecret } from '@spillway/runtime';

/**
 * The secrets that sign a webhook, made from the one of the system. The version after the newest signs as
 * well: what waits for hours while the owner rotates the secret then verifies with the new one.
 */
export function secretsOf(
  { endpoint, customerId }: Pick<Notification, 'endpoint' | 'customerId'>,
  secret: string,
): string[] {
  if (!endpoint) return [customerWebhookSecret(secret, customerId)];
  const { id, secretVersions } = endpoint;
  const next = Math.max(...secretVersions) + 1;
  return [...secretVersions, next].map((version) => endpointSecret(secret, id, version));
}
