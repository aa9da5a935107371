import { type CreateOrder, Outputs } from '@spillway/contracts';
import type { OrderRequest } from '../domain/order.ts';
import type { Caller } from './caller.ts';

/** An order that cannot be taken; `field` is the one that is wrong. */
export class OrderRefused extends Error {
  override name = 'OrderRefused';
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

export interface OrderRequestParts {
  /** Throw `OrderRefused`. */
  readonly checkSource: (url: string) => Promise<void>;
  readonly checkWebhook: (url: string) => Promise<void>;
}

/** Checks what was asked for, and makes every choice that was left open. Throws `OrderRefused`. */
export type ReadOrderRequest = (body: CreateOrder, caller: Caller) => Promise<OrderRequest>;

export const orderRequestReader =
  ({ checkSource, checkWebhook }: OrderRequestParts): ReadOrderRequest =>
  async (body) => {
    const { source, outputs, priority, playback, metadata, webhook = null } = body;
    if (source.url !== undefined) await checkSource(source.url);
    if (webhook) await checkWebhook(webhook.url);
    return {
      source,
      uploads: {},
      outputs: Outputs.parse(outputs),
      limits: null,
      priority,
      playback,
      metadata,
      webhook,
    };
  };
