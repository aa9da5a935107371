import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger, type Logger, logDestination } from '@spillway/runtime';
import type { StandaloneConfig } from './config.ts';

/** The log of the embedded parts goes to a file, so that the terminal stays the user's. */
export async function openLog({
  dataDir,
  logLevel,
}: StandaloneConfig): Promise<{ log: Logger; path: string }> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, 'spillway.log');
  return { log: createLogger('spillway', logLevel, logDestination(path)), path };
}
