import { type Webhook, type WebhookEndpoint, WebhookEventType } from '@spillway/contracts';

/** An endpoint as it is kept. */
export interface EndpointState extends WebhookEndpoint {
  /** Of the secret that signs; the first is 1. */
  readonly secretVersion: number;
}

export const endpointView = ({ secretVersion, ...endpoint }: EndpointState): WebhookEndpoint =>
  endpoint;

/** The versions of the secrets that sign at a time (RFC 3339), the newest first. */
export function secretVersionsOf(
  { secretVersion, previousSecretUntil }: EndpointState,
  at: string,
): number[] {
  const overlaps = previousSecretUntil !== null && Date.parse(previousSecretUntil) > Date.parse(at);
  return overlaps ? [secretVersion, secretVersion - 1] : [secretVersion];
}

type ToldType = Webhook['events'][number];
const toldTypes: ReadonlySet<string> = new Set(WebhookEventType.options);

/** Whether receivers may choose events of that type. */
export const isTold = (type: string): type is ToldType => toldTypes.has(type);
