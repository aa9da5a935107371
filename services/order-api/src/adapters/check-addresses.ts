import { accessSync, constants, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type Egress, EgressRefused, EgressUnreachable } from '@spillway/runtime';
import type { Caller } from '../app/caller.ts';
import { OrderRefused } from '../app/order-refused.ts';
import { filePathOf } from '../domain/order.ts';

/** A name server that takes longer does not hold up the order: who fetches checks again anyhow. */
const PATIENCE_MS = 3_000;

/** Refuses addresses that will never be allowed; one whose name does not resolve now may later. */
async function checkAddress(egress: Egress, field: string, url: string): Promise<void> {
  const patience = new AbortController();
  try {
    const tooSlow = wait(PATIENCE_MS, undefined, { signal: patience.signal });
    await Promise.race([egress.check(url), tooSlow.catch(() => undefined)]);
  } catch (error) {
    if (error instanceof EgressUnreachable) return;
    if (error instanceof EgressRefused) throw new OrderRefused(field, error.message);
    throw error;
  } finally {
    patience.abort();
  }
}

const SOURCE = 'source.url';

/** Looks in place: for a file of this machine the way over the thread pool costs twenty times the look. */
function checkFile(url: string): void {
  const { host } = new URL(url);
  if (host !== '' && host !== 'localhost') {
    throw new OrderRefused(SOURCE, 'a file: address has no host; write file:///path');
  }
  try {
    const path = filePathOf(url);
    if (!statSync(path).isFile()) throw new OrderRefused(SOURCE, 'it is not a file');
    accessSync(path, constants.R_OK);
  } catch (error) {
    if (error instanceof OrderRefused) throw error;
    if (error instanceof URIError) throw new OrderRefused(SOURCE, 'the path is not valid');
    throw new OrderRefused(SOURCE, 'there is no such file, or it cannot be read');
  }
}

export function addressChecks(egress: Egress, { allowFiles }: { allowFiles: boolean }) {
  return {
    checkSource: async (url: string, { isAdmin }: Pick<Caller, 'isAdmin'>): Promise<void> => {
      if (!URL.canParse(url)) throw new OrderRefused(SOURCE, 'it is not an address (URL)');
      if (!url.startsWith('file:')) return checkAddress(egress, SOURCE, url);
      // A customer's key must not read what lies on the operator's machine.
      if (!allowFiles || !isAdmin) {
        throw new OrderRefused(
          SOURCE,
          'file: addresses are for standalone mode and its operator only',
        );
      }
      return checkFile(url);
    },
    checkCaptions: (url: string, index: number): Promise<void> =>
      checkAddress(egress, `outputs.captions.${index}.url`, url),
    checkWebhook: (url: string, field = 'webhook.url'): Promise<void> =>
      checkAddress(egress, field, url),
  };
}
