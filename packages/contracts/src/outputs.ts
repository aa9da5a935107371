import * as z from 'zod';
import { S3Prefix } from './customer.ts';
import { UploadId } from './ids.ts';
import { Text, Url } from './text.ts';

export const OutputFormat = z.enum(['hls', 'dash', 'mp4']);
export type OutputFormat = z.infer<typeof OutputFormat>;

/** x264's names: a slower one looks better for the same bits. */
export const Speed = z.enum([
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
]);
export type Speed = z.infer<typeof Speed>;

/** A quality level that is asked for; the source's shape decides the other side. */
export const RenditionRequest = z
  .strictObject({
    lines: z.int().min(144).max(2160).multipleOf(2).meta({
      description: 'Of the short side: 720 is 1280x720, or 720x1280 of a portrait video.',
    }),
    crf: z.number().min(16).max(40).optional().meta({
      description: 'Constant rate factor of x264, lower is better; 23 by default.',
    }),
    maxBitsPerSecond: z.int().min(64_000).max(60_000_000).optional().meta({
      description: 'By default it follows the size and the frame rate.',
    }),
  })
  .meta({ id: 'RenditionRequest' });
export type RenditionRequest = z.infer<typeof RenditionRequest>;

export const AudioRequest = z
  .strictObject({
    channels: z
      .union([z.literal(1), z.literal(2)])
      .optional()
      .meta({
        description: 'At most; 2 by default, and never more than the source has.',
      }),
    bitsPerSecond: z.int().min(32_000).max(320_000).optional().meta({
      description: 'By default 128000 for two channels, 80000 for one.',
    }),
  })
  .meta({ id: 'AudioRequest', description: 'The sound: AAC-LC, one track for all renditions.' });
export type AudioRequest = z.infer<typeof AudioRequest>;

export const CaptionsRequest = z
  .strictObject({
    url: Url.optional(),
    uploadId: UploadId.optional(),
    // It is part of a file's name; RFC 5646 (4.4.1) asks for room for 35.
    language: z
      .string()
      .max(35)
      .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, 'a language tag (BCP 47), such as en or pt-BR')
      .meta({ example: 'en' }),
    label: Text.min(1)
      .max(100)
      .regex(/^[^"\p{Cc}]*$/u, 'no quotation mark, and on one line')
      .optional()
      .meta({
        description: 'What a viewer chooses by; the language by default.',
        example: 'English',
      }),
    default: z.boolean().default(false),
  })
  .refine(({ url, uploadId }) => (url === undefined) !== (uploadId === undefined), {
    message: 'either url or uploadId',
  })
  .meta({
    id: 'CaptionsRequest',
    description:
      'A WebVTT or SRT file of at most 10 MB, in UTF-8 (or UTF-16 with a byte order mark).',
  });
export type CaptionsRequest = z.infer<typeof CaptionsRequest>;

export const PresetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name of a preset')
  .meta({ example: 'default' });

const choices = {
  renditions: z
    .array(RenditionRequest)
    .min(1)
    .max(10)
    .refine(
      (renditions) => new Set(renditions.map(({ lines }) => lines)).size === renditions.length,
      'each number of lines once',
    ),
  formats: z.array(OutputFormat).min(1),
  audio: AudioRequest,
  speed: Speed,
};

/** What a preset file holds: what is left out is as in `default`, and there as the code says. */
export const PresetFile = z
  .strictObject({ description: z.string().min(1), ...choices })
  .partial({ renditions: true, formats: true, audio: true, speed: true });
export type PresetFile = z.infer<typeof PresetFile>;

/** What a customer asks for; what is left out is the preset's. */
export const OutputsRequest = z
  .strictObject({
    preset: PresetName.default('default').meta({
      description:
        'What is left out here is as in the preset, and what that leaves out is as in the preset `default`: GET /v1/presets.',
    }),
    renditions: choices.renditions.optional().meta({
      description:
        'By default the rungs 1080, 720, 480, 360, 240 that the source reaches. One larger than the source is left out, with a warning; when all are, there is one of the size of the source.',
    }),
    formats: choices.formats.optional().meta({
      description:
        'hls and dash share their segments; mp4 is one progressive file of the best rendition, for downloads.',
    }),
    audio: choices.audio.optional(),
    speed: choices.speed.optional().meta({
      description:
        'Of x264, `veryfast` by default: a slower one looks better for the same bits. `slow` takes 2.6 times the work, `superfast` 0.8 times.',
    }),
    captions: z.array(CaptionsRequest).max(20).default([]),
    destination: S3Prefix.optional().meta({
      description: 'Where the finished files are copied to as well; allowed by the operator.',
    }),
    allowPartial: z.boolean().default(false).meta({
      description:
        'Complete, with a warning, although the media data of the source ends before its header says.',
    }),
  })
  .meta({ id: 'OutputsRequest' });
export type OutputsRequest = z.infer<typeof OutputsRequest>;

/** What an order makes, with every choice made. It travels with jobs, so what an older program did not know has a default (law 9). */
export const Outputs = z
  .object({
    preset: z.string().default('default'),
    /** Null: the ladder that fits the source. */
    renditions: z.array(RenditionRequest).nullable().default(null),
    formats: choices.formats.default(['hls', 'dash']),
    audio: AudioRequest.default({}),
    speed: Speed.default('veryfast'),
    captions: z.array(CaptionsRequest).default([]),
    destination: z.string().nullable().default(null),
    allowPartial: z.boolean().default(false),
  })
  .meta({ id: 'Outputs' });
export type Outputs = z.infer<typeof Outputs>;

/** What an order makes that says nothing but the name of a preset. */
export const Preset = Outputs.pick({
  renditions: true,
  formats: true,
  audio: true,
  speed: true,
})
  .extend({ name: PresetName, description: z.string() })
  .meta({ id: 'Preset' });
export type Preset = z.infer<typeof Preset>;

export const PresetList = z.object({ presets: z.array(Preset) }).meta({ id: 'PresetList' });
export type PresetList = z.infer<typeof PresetList>;
