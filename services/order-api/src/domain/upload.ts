import type { Upload, UploadStatus } from '@spillway/contracts';

/** A file that a customer sends. Times are RFC 3339. */
export interface UploadState {
  readonly id: string;
  readonly customerId: string;
  readonly filename: string | null;
  /** As its sender says, until it is complete; null: not known. */
  readonly bytes: number | null;
  /** What it may have at most. */
  readonly maxBytes: number;
  readonly status: UploadStatus;
  /** Of the object; null until it is complete. */
  readonly etag: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly completedAt: string | null;
}

/** Everything of an upload in the object store. */
export const uploadPrefix = (id: string): string => `uploads/${id}/`;

/** Of the file itself. */
export const uploadKey = (id: string): string => `${uploadPrefix(id)}file`;

/** It may have expired without anybody having noted it. */
export const statusAt = ({ status, expiresAt }: UploadState, now: number): UploadStatus =>
  status === 'waiting' && Date.parse(expiresAt) <= now ? 'expired' : status;

/** As the API shows it; `url` is where its bytes go. */
export function uploadView(
  upload: UploadState,
  { now, receivedBytes, url }: { now: number; receivedBytes: number; url: string },
): Upload {
  const { id, customerId, filename, bytes, createdAt, completedAt, expiresAt } = upload;
  const status = statusAt(upload, now);
  return {
    ...{ id, customerId, status, url: status === 'waiting' ? url : null },
    ...{ filename, bytes, receivedBytes, createdAt, completedAt, expiresAt },
  };
}
