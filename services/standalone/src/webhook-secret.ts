import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The secret that signs webhooks, made once and kept in the data folder (Standard Webhooks: `whsec_` + base64). */
export async function webhookSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'webhook-secret');
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  try {
    // `wx`: of two processes that start at once, one makes it and both read the same.
    await writeFile(path, `${secret}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}
