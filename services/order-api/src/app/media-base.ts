import type { PlaybackTokens } from './playback-tokens.ts';

/** In `SPILLWAY_MEDIA_BASE_URL`: where a CDN that checks tokens finds them. */
const TOKEN_PLACE = '{token}';

/** Whether whoever fetches media needs a token: of the API itself, or of a CDN that checks them. */
export const keepsTokens = (mediaBaseUrl: string | null): boolean =>
  mediaBaseUrl === null || mediaBaseUrl.includes(TOKEN_PLACE);

/**
 * What the addresses of an order's objects begin with at the CDN, without a slash at the end; null when the API serves
 * them. `token` is the viewer's; null: the order is public.
 */
export type MediaBaseOf = (orderId: string, token: string | null) => string | null;

/**
 * A CDN that checks no tokens is given no token, and no signed order. One that does lets nothing through without: a
 * public order's never expires.
 */
export function mediaBase(mediaBaseUrl: string | null, tokens: PlaybackTokens): MediaBaseOf {
  return (orderId, token) => {
    if (mediaBaseUrl === null) return null;
    if (keepsTokens(mediaBaseUrl)) {
      return mediaBaseUrl.replace(TOKEN_PLACE, token ?? tokens.create(orderId, 0));
    }
    return token === null ? mediaBaseUrl : null;
  };
}
