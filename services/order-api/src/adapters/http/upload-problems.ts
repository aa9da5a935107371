import { ProblemError } from '@spillway/runtime';
import { StorageError } from '@spillway/storage';
import { UploadComplete, UploadTooLarge } from '../../app/open-upload.ts';
import { UploadBusy } from '../../app/upload-leases.ts';

export const noSuchUpload = (id: string): ProblemError =>
  new ProblemError(404, 'upload-not-found', 'There is no such upload', {
    detail: `No upload ${id}`,
  });

export const uploadExpired = (expiresAt: string): ProblemError =>
  new ProblemError(410, 'upload-expired', 'The upload has expired', {
    detail: `It had until ${expiresAt}: make a new one.`,
  });

export const uploadInUse = (): ProblemError =>
  new ProblemError(409, 'upload-in-use', 'An order needs the upload', {
    detail: 'An order that names it has not ended: cancel it first.',
  });

/** Null for what is not about an upload. */
export function uploadProblemOf(error: unknown): ProblemError | null {
  if (error instanceof UploadTooLarge) {
    const { message: detail } = error;
    return new ProblemError(413, 'upload-too-large', 'The file is too large', { detail });
  }
  if (error instanceof StorageError && error.code === 'wrong_parts') {
    return new ProblemError(409, 'upload-parts-wrong', 'The parts are not those of the upload', {
      detail: 'Send each part again and name the ETags in the order of the addresses.',
    });
  }
  if (error instanceof UploadComplete) {
    return new ProblemError(409, 'upload-complete', 'The upload is complete', {
      detail: 'All its bytes are there. Make a new upload for another file.',
    });
  }
  if (error instanceof UploadBusy) {
    const { message: detail } = error;
    return new ProblemError(423, 'upload-busy', 'Another request sends to the upload', {
      detail,
      headers: { 'retry-after': '5' },
    });
  }
  return null;
}
