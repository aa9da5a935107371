import * as z from 'zod';
import { Failure } from './errors.ts';
import { OrderId, UploadId } from './ids.ts';
import { Outputs, OutputsRequest } from './outputs.ts';
import { HttpUrl, Text, Url } from './text.ts';

export const OrderStatus = z.enum([
  'queued',
  'running',
  'completed',
  'failed',
  'canceled',
  'timed_out',
]);
export type OrderStatus = z.infer<typeof OrderStatus>;

/** The statuses that an order leaves by a retry only, and `completed` never. */
export const endStatuses = ['completed', 'failed', 'canceled', 'timed_out'] as const;
export const hasEnded = (status: OrderStatus): boolean =>
  (endStatuses as readonly OrderStatus[]).includes(status);

/** Whether what failed or is missing may be done once more. */
export const canBeRetried = (status: OrderStatus): boolean =>
  hasEnded(status) && status !== 'completed';

/** Where the work stands; may grow. */
export const Stage = z.enum(['ingest', 'prepare', 'encode', 'package']);
export type Stage = z.infer<typeof Stage>;

export const Priority = z.enum(['high', 'normal', 'low']);
export type Priority = z.infer<typeof Priority>;

export const SourceRequest = z
  .strictObject({
    url: Url.optional().meta({
      description:
        'https:// or http:// address of the video; s3://bucket/key where the operator allows it; file:///absolute/path in standalone mode only.',
      example: 'https://media.example.com/holiday.mp4',
    }),
    uploadId: UploadId.optional().meta({ description: 'Of an upload that is complete.' }),
  })
  .refine(({ url, uploadId }) => (url === undefined) !== (uploadId === undefined), {
    message: 'either url or uploadId',
  })
  .meta({ id: 'SourceRequest' });
export type SourceRequest = z.infer<typeof SourceRequest>;

export const PlaybackAccess = z.enum(['public', 'signed']).meta({
  description:
    'public: whoever has the address may play; signed: addresses hold a token that expires.',
});
export type PlaybackAccess = z.infer<typeof PlaybackAccess>;

export const WebhookEventType = z.enum([
  'order.running',
  'order.playable',
  'order.completed',
  'order.failed',
  'order.canceled',
  'order.timed_out',
]);

export const WebhookUrl = HttpUrl.meta({ example: 'https://app.example.com/webhooks/spillway' });

export const WebhookEvents = z
  .array(WebhookEventType)
  .min(1)
  .max(20)
  .meta({ description: 'What it is told of; by default the four ends.' });

export const WebhookRequest = z
  .strictObject({
    url: WebhookUrl,
    events: WebhookEvents.default([
      'order.completed',
      'order.failed',
      'order.canceled',
      'order.timed_out',
    ]),
  })
  .meta({
    id: 'WebhookRequest',
    description:
      'Told by Standard Webhooks, at least once, signed with the secret of GET /v1/webhook-secret. For more than a single order: /v1/webhook-endpoints.',
  });
export type Webhook = z.infer<typeof WebhookRequest>;

/** Of metadata as JSON in UTF-8: it is in every event, and SNS takes 256 KB. */
const MOST_METADATA_BYTES = 65_536;

const Metadata = z
  .record(Text.min(1).max(64), Text.max(1024))
  .refine((metadata) => Object.keys(metadata).length <= 50, 'at most 50 entries')
  .refine(
    (metadata) => new TextEncoder().encode(JSON.stringify(metadata)).length <= MOST_METADATA_BYTES,
    'at most 64 KB of JSON',
  );

/** The body of POST /v1/orders. */
export const CreateOrder = z
  .strictObject({
    source: SourceRequest,
    outputs: OutputsRequest.prefault({}),
    priority: Priority.default('normal'),
    playback: PlaybackAccess.default('public'),
    webhook: WebhookRequest.optional(),
    metadata: Metadata.default({}).meta({
      description: 'Yours; comes back untouched. At most 50 entries, and 64 KB of JSON.',
    }),
  })
  .meta({ id: 'CreateOrder' });
export type CreateOrder = z.infer<typeof CreateOrder>;

/** One quality level of the finished stream. */
export const Rendition = z
  .object({
    name: z.string().meta({ example: '720p' }),
    width: z.int().positive(),
    height: z.int().positive(),
    /** Frames a second as a fraction, for example "24000/1001". */
    frameRate: z.string(),
    /** RFC 6381, for example "avc1.640020". */
    codecs: z.string(),
    /** Peak bits a second over any one segment, as HLS's BANDWIDTH defines it. */
    peakBitsPerSecond: z.int().nonnegative(),
    averageBitsPerSecond: z.int().nonnegative(),
    frames: z.int().nonnegative(),
    segments: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
  })
  .meta({ id: 'Rendition' });
export type Rendition = z.infer<typeof Rendition>;

/** The copy of a finished output in the bucket of `outputs.destination`. */
export const Delivery = z
  .object({
    url: z.string().meta({
      description: 'Of the folder that master.m3u8, manifest.mpd and the other files are in.',
      example: 's3://acme-media/outgoing/holiday/playback/',
    }),
    files: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof Delivery>;

export const Playback = z
  .object({
    ready: z.boolean().meta({
      description:
        'HLS plays, though the rest may still be encoded; DASH, MP4 and thumbnails are there once the order has completed.',
    }),
    hlsUrl: z.string().nullable().meta({ description: 'Null unless HLS was ordered.' }),
    dashUrl: z.string().nullable().meta({ description: 'Null unless DASH was ordered.' }),
    posterUrl: z.string(),
    // The two with a default are missing in events that an older program has sent (law 9).
    /** WebVTT with pictures for scrubbing; null for a video of one segment, and until it is there. */
    thumbnailsUrl: z.string().nullable().default(null),
    /** Null unless it was ordered. */
    mp4Url: z.string().nullable().default(null),
    /** A page with a player. */
    playUrl: z.string(),
  })
  .meta({ id: 'Playback' });

const Time = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });

/** An order as the API shows it. */
export const Order = z
  .object({
    id: OrderId,
    customerId: z.string(),
    status: OrderStatus,
    stage: Stage,
    progress: z.number().min(0).max(1),
    source: SourceRequest,
    outputs: Outputs,
    priority: Priority,
    webhook: WebhookRequest.nullable(),
    metadata: z.record(z.string(), z.string()),
    playback: Playback.nullable(),
    renditions: z.array(Rendition),
    delivery: Delivery.nullable().meta({
      description: 'Null unless a destination was ordered, and until all of it is there.',
    }),
    durationSeconds: z.number().nullable(),
    error: Failure.nullable(),
    warnings: z.array(z.string()),
    createdAt: Time,
    startedAt: Time.nullable(),
    playableAt: Time.nullable(),
    retriedAt: Time.nullable().meta({
      description: 'When it was last begun again after an end; the time-out counts from then.',
    }),
    endedAt: Time.nullable(),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof Order>;

export const OrderPage = z
  .object({ orders: z.array(Order), nextCursor: z.string().nullable() })
  .meta({ id: 'OrderPage' });
export type OrderPage = z.infer<typeof OrderPage>;
