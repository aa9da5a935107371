import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '@spillway/runtime';

/**
 * A playback token is `<expiry>.<signature>`: the Unix second at which it expires in base 36, and HMAC-SHA256 over
 * `<order id>.<expiry>` in base64url, of which the first 24 characters (144 bits). Expiry 0 never comes: tokens of
 * public orders, which only CDNs are shown, so that they let nothing through without one. docs/cdn/ checks the same.
 */
export interface PlaybackTokens {
  /** `expiresAt` in Unix seconds. */
  create(orderId: string, expiresAt: number): string;
  /** `nowSeconds` is Unix time. A token that never expires is no key to a signed order. */
  check(orderId: string, token: string, nowSeconds: number): 'valid' | 'expired' | 'wrong';
}

const SIGNATURE_LENGTH = 24;
const TOKEN = /^([1-9a-z][0-9a-z]{0,9})\.[\w-]{24}$/;

/** For whoever checks tokens besides us: text, because CDNs keep their keys as text. */
export const playbackKey = (secret: string): string =>
  deriveKey(secret, 'playback').toString('base64url');

export function playbackTokens(secret: string): PlaybackTokens {
  const key = playbackKey(secret);
  const create = (orderId: string, expiresAt: number): string => {
    const expiry = expiresAt.toString(36);
    const hmac = createHmac('sha256', key).update(`${orderId}.${expiry}`).digest('base64url');
    return `${expiry}.${hmac.slice(0, SIGNATURE_LENGTH)}`;
  };
  return {
    create,
    check(orderId, token, nowSeconds) {
      const [, expiry] = TOKEN.exec(token) ?? [];
      if (expiry === undefined) return 'wrong';
      const expiresAt = Number.parseInt(expiry, 36);
      const right = Buffer.from(create(orderId, expiresAt));
      const given = Buffer.from(token);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return 'wrong';
      return nowSeconds < expiresAt ? 'valid' : 'expired';
    },
  };
}
