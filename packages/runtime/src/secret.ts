import { hkdfSync } from 'node:crypto';
import * as z from 'zod';

/** `SPILLWAY_SECRET`: what every other secret is made from, so that there is one to keep. */
export const Secret = z
  .string()
  .min(32, 'must have 32 characters or more, and be random: openssl rand -base64 32');

/**
 * 32 bytes for one purpose, for example `webhook/whe_.../1` (HKDF, RFC 5869): whoever learns them learns nothing of
 * another purpose's. The same secret and purpose always give the same bytes.
 */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `spillway/${purpose}`, 32));
