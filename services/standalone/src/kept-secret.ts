import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** 192 random bits, in base64. */
const newSecret = (): string => randomBytes(24).toString('base64');

/**
 * A secret in a file of the data folder, made once, for the owner's eyes only. The caller holds the
 * folder's lock.
 */
export async function keptSecret(dataDir: string, name: string): Promise<string> {
  const path = join(dataDir, name);
  if (!existsSync(path)) {
    // Moved into place whole: an empty one, left by a full disk, would stop every later start.
    await writeFile(`${path}.new`, `${newSecret()}\n`, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }
  return (await readFile(path, 'utf8')).trim();
}
