import type { DeliveryResult } from '@spillway/contracts';

/** One request to a receiver. */
export interface WebhookRequest {
  readonly url: string;
  /** The event's id: the same for every try, so that a receiver drops doubles by it. */
  readonly id: string;
  readonly body: string;
  /** Each of them signs: `whsec_` and base64. */
  readonly secrets: readonly string[];
}

export type PostResult =
  /** `retryAfter` is the header as it came. */
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  /** Nobody answered in time. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** The address is not one that may be spoken to. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Signs the request and posts it once. Throws only when `signal` ended it. */
export type PostWebhook = (request: WebhookRequest, signal: AbortSignal) => Promise<PostResult>;

/** Tells the keeper of deliveries what became of a try; resolves when the broker has it. */
export type ReportDelivery = (result: DeliveryResult) => Promise<void>;
