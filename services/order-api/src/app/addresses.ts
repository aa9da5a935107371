import { type AddressesOf, publicAddresses, signedAddresses } from '../domain/addresses.ts';
import type { PlaybackTokens } from './playback-tokens.ts';

/** Addresses stay the same for so long, so that what was fetched once can be kept. */
const EXPIRY_STEP_SECONDS = 600;

export interface AddressParts {
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly tokens: PlaybackTokens;
  /** How long a token holds at least. */
  readonly tokenSeconds: number;
}

/** Addresses of orders' streams; a signed order's hold a token that was made for the time at which they are told. */
export const streamAddresses =
  ({ publicUrl, tokens, tokenSeconds }: AddressParts): AddressesOf =>
  ({ id, request }, at) => {
    if (request.playback === 'public') return publicAddresses(publicUrl, id);
    const expiresAt = Date.parse(at) / 1000 + tokenSeconds;
    const rounded = Math.ceil(expiresAt / EXPIRY_STEP_SECONDS) * EXPIRY_STEP_SECONDS;
    return signedAddresses(publicUrl, id, tokens.create(id, rounded));
  };
