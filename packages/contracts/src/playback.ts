import * as z from 'zod';
import { Order, Playback } from './order.ts';

/** How long a playback token holds: from a minute to a week. */
export const PlaybackTokenSeconds = z
  .int()
  .min(60)
  .max(7 * 24 * 3600);

/** The body of POST /v1/orders/{id}/playback-tokens. */
export const CreatePlaybackToken = z
  .strictObject({ seconds: PlaybackTokenSeconds.meta({ example: 86_400 }) })
  .meta({ id: 'CreatePlaybackToken' });

/** Addresses of a signed order that hold a new token. */
export const PlaybackToken = z
  .object({
    token: z.string(),
    expiresAt: z.iso.datetime(),
    playback: Playback.nullable().meta({ description: 'Null when there will be no stream.' }),
  })
  .meta({ id: 'PlaybackToken' });
export type PlaybackToken = z.infer<typeof PlaybackToken>;

/** What a viewer is told of an order: no more than a page with a player needs. */
export const ViewerOrder = Order.pick({
  id: true,
  status: true,
  stage: true,
  progress: true,
  playback: true,
}).meta({ id: 'ViewerOrder' });
export type ViewerOrder = z.infer<typeof ViewerOrder>;
