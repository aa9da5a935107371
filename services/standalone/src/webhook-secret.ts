import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The secret that signs webhooks, made once and kept in the data folder (Standard Webhooks: `whsec_` +
 * base64). The caller holds the folder's lock.
 */
export async function webhookSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'webhook-secret');
  if (!existsSync(path)) {
    const secret = `whsec_${randomBytes(24).toString('base64')}`;
    // Moved into place whole: an empty one, left by a full disk, would stop every later start.
    await writeFile(`${path}.new`, `${secret}\n`, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }
  return (await readFile(path, 'utf8')).trim();
}
