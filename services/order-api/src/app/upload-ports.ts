import type { UploadState } from '../domain/upload.ts';

export interface CompletedUpload {
  readonly etag: string;
  readonly bytes: number;
  readonly completedAt: Date;
  readonly expiresAt: Date;
}

export interface ExpiredQuery {
  readonly expiredBefore: Date;
  /** An order that has ended without completing keeps its uploads, for a retry, unless it ended before then. */
  readonly orderEndedBefore: Date;
  readonly limit: number;
}

/** Uploads, kept. */
export interface UploadStore {
  create(upload: UploadState): Promise<void>;
  read(id: string): Promise<UploadState | null>;
  /** Of a waiting upload; null: not known. */
  declareBytes(id: string, bytes: number | null): Promise<void>;
  /** False when it is not waiting. */
  complete(id: string, completed: CompletedUpload): Promise<boolean>;

  /** Makes one its writer, for so long. Null when another is, or there is no such upload. */
  lease(id: string, writer: string, seconds: number): Promise<UploadState | null>;
  /** False when another has become its writer, or it is gone. */
  renewLease(id: string, writer: string, seconds: number): Promise<boolean>;
  endLease(id: string, writer: string): Promise<void>;

  /** False when an order that names it has not ended, or it is gone. */
  expire(id: string): Promise<boolean>;
  /** The row of an expired one. */
  remove(id: string): Promise<void>;
  /** Those that nobody needs any more, and those whose removal stopped in the middle. */
  expired(query: ExpiredQuery): Promise<string[]>;
}
