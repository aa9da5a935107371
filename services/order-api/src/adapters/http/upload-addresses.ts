import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '@spillway/runtime';

/** Where a file is sent to without an API key: whoever has the address may send, and do no more. */
export interface UploadAddresses {
  urlOf(id: string): string;
  isToken(id: string, token: string): boolean;
}

/** Nothing of it is stored: the token is made from the secret and the upload's id. */
export function uploadAddresses(secret: string, publicUrl: string): UploadAddresses {
  const key = deriveKey(secret, 'upload-address');
  const tokenOf = (id: string): string => createHmac('sha256', key).update(id).digest('base64url');
  return {
    urlOf: (id) => `${publicUrl}/v1/uploads/${id}/${tokenOf(id)}`,
    isToken(id, token) {
      const expected = Buffer.from(tokenOf(id));
      const given = Buffer.from(token);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
