import * as z from 'zod';
import { UploadId } from './ids.ts';
import { Text } from './text.ts';

/** The body of POST /v1/uploads. */
export const CreateUpload = z
  .strictObject({
    filename: Text.min(1).max(255).optional().meta({
      description: 'Yours; comes back untouched.',
      example: 'holiday.mp4',
    }),
    bytes: z.int().nonnegative().optional().meta({
      description:
        'How long the file is, or at most: what is longer is then refused, and tus can go on at `url` without a creation request.',
      example: 104_857_600,
    }),
  })
  .meta({ id: 'CreateUpload' });
export type CreateUpload = z.infer<typeof CreateUpload>;

export const UploadStatus = z.enum(['waiting', 'complete', 'expired']);
export type UploadStatus = z.infer<typeof UploadStatus>;

const Time = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });

/** A file that a customer sends to us, for an order to name. */
export const Upload = z
  .object({
    id: UploadId,
    customerId: z.string(),
    status: UploadStatus,
    url: z.string().nullable().meta({
      description:
        'Where the file is sent to by PUT or by tus 1.0, from any origin and without an API key; null once it is complete or expired.',
    }),
    filename: z.string().nullable(),
    bytes: z.int().nonnegative().nullable().meta({ description: 'Null until it is known.' }),
    receivedBytes: z.int().nonnegative(),
    createdAt: Time,
    completedAt: Time.nullable(),
    expiresAt: Time.meta({
      description:
        'An upload that is not complete then is removed; so is a complete one, unless an order that names it may still need it.',
    }),
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof Upload>;

/** Where a file may be written into the object store itself, in parts. */
export const UploadParts = z
  .object({
    bytes: z.int().positive().meta({
      description: 'Of each part; the last has the rest.',
      example: 8_388_608,
    }),
    urls: z.array(z.string()).meta({
      description:
        'Each part is sent to its own by a plain PUT, in any order; the answer has its ETag.',
    }),
  })
  .meta({ id: 'UploadParts' });
export type UploadParts = z.infer<typeof UploadParts>;

/** The answer to POST /v1/uploads. */
export const CreatedUpload = Upload.extend({
  url: z.string().meta({
    description:
      'Where the file is sent to by PUT or by tus 1.0, from any origin and without an API key.',
  }),
  parts: UploadParts.nullable().meta({
    description:
      'Another way than `url`: the parts are PUT into the object store, and then `{etags}` is POSTed to `<url>/complete`. Null where clients cannot reach the store, and without `bytes`.',
  }),
}).meta({ id: 'CreatedUpload' });
export type CreatedUpload = z.infer<typeof CreatedUpload>;

/** The body of POST `<url>/complete`. */
export const CompleteUpload = z
  .strictObject({
    etags: z
      .array(Text.min(1).max(200))
      .min(1)
      .max(1000)
      .meta({
        description: 'What the object store answered to the parts, in their order.',
        example: ['"9a0364b9e99bb480dd25e1f0284c8555"'],
      }),
  })
  .meta({ id: 'CompleteUpload' });
export type CompleteUpload = z.infer<typeof CompleteUpload>;
