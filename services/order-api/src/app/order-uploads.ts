import type { CreateOrder } from '@spillway/contracts';
import type { OrderRequest } from '../domain/order.ts';
import { statusAt, type UploadState, uploadKey } from '../domain/upload.ts';
import type { Caller } from './caller.ts';
import { OrderRefused } from './order-refused.ts';
import type { Uploads } from './uploads.ts';

/** The uploads that an order names, as they are. Throws `OrderRefused`. */
export type FindUploads = (body: CreateOrder, caller: Caller) => Promise<OrderRequest['uploads']>;

const namedIn = ({ source, outputs }: CreateOrder): (readonly [field: string, id: string])[] => [
  ...(source.uploadId === undefined ? [] : [['source.uploadId', source.uploadId] as const]),
  ...outputs.captions.flatMap(({ uploadId }, index) =>
    uploadId === undefined ? [] : [[`outputs.captions.${index}.uploadId`, uploadId] as const],
  ),
];

export const uploadFinder = (uploads: Uploads): FindUploads => {
  async function find(id: string, customerId: string): Promise<UploadState | string> {
    const upload = await uploads.current(id);
    // Another customer's is as if it did not exist.
    if (upload?.customerId !== customerId) return 'there is no such upload';
    const status = statusAt(upload, uploads.now());
    if (status === 'expired' || Date.parse(upload.expiresAt) <= uploads.now()) {
      return 'the upload has expired';
    }
    if (status === 'waiting') {
      const received = await uploads.receivedBytes(upload);
      return `the upload is not complete: ${received} of ${upload.bytes ?? 'unknown'} bytes have come`;
    }
    return upload.bytes === 0 ? 'the upload has no bytes' : upload;
  }

  return async (body, { customer }) => {
    const found: Record<string, OrderRequest['uploads'][string]> = {};
    for (const [field, id] of namedIn(body)) {
      const upload = await find(id, customer.id);
      if (typeof upload === 'string') throw new OrderRefused(field, upload);
      found[id] = { from: 'object', key: uploadKey(id), etag: upload.etag ?? '' };
    }
    return found;
  };
};
