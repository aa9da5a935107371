import type { CreateOrder, Outputs, OutputsRequest } from '@spillway/contracts';
import type { OrderRequest } from '../domain/order.ts';
import { chooseOutputs, type Presets } from '../domain/outputs.ts';
import type { Caller } from './caller.ts';
import { checkBuckets, isBucketAddress } from './order-buckets.ts';
import { chooseCaptions } from './order-captions.ts';
import { OrderRefused } from './order-refused.ts';
import type { FindUploads } from './order-uploads.ts';

export interface OrderRequestParts {
  readonly presets: Presets;
  /** Throw `OrderRefused`. */
  readonly checkSource: (url: string, caller: Caller) => Promise<void>;
  readonly checkWebhook: (url: string) => Promise<void>;
  /** `index` is of the captions in the order. */
  readonly checkCaptions: (url: string, index: number) => Promise<void>;
  readonly findUploads: FindUploads;
  /** Whether the media of a signed order can be kept from those who have no token. */
  readonly canSign: boolean;
}

function outputsOf(asked: OutputsRequest, presets: Presets): Outputs {
  const preset = presets.get(asked.preset);
  if (preset) return chooseOutputs(asked, preset);
  const names = [...presets.keys()].join(', ');
  throw new OrderRefused('outputs.preset', `there is no preset ${asked.preset}, but ${names}`);
}

/** Checks what was asked for, and makes every choice that was left open. Throws `OrderRefused`. */
export type ReadOrderRequest = (body: CreateOrder, caller: Caller) => Promise<OrderRequest>;

export const orderRequestReader =
  ({
    presets,
    checkSource,
    checkWebhook,
    checkCaptions,
    findUploads,
    canSign,
  }: OrderRequestParts): ReadOrderRequest =>
  async (body, caller) => {
    const { source, outputs, priority, playback, metadata, webhook = null } = body;
    if (playback === 'signed' && !canSign) {
      throw new OrderRefused(
        'playback',
        'this server’s CDN checks no tokens (SPILLWAY_MEDIA_BASE_URL)',
      );
    }
    checkBuckets(body, caller);
    if (source.url !== undefined && !isBucketAddress(source.url))
      await checkSource(source.url, caller);
    if (webhook) await checkWebhook(webhook.url);
    const chosen = outputsOf(outputs, presets);
    const captions = chooseCaptions(chosen);
    await Promise.all(captions.map(async ({ url }, index) => url && checkCaptions(url, index)));
    return {
      source,
      uploads: await findUploads(body, caller),
      outputs: { ...chosen, captions },
      limits: caller.customer.limits.source,
      priority,
      playback,
      metadata,
      webhook,
    };
  };
