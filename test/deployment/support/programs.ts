import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '@spillway/runtime';
import * as autoscaler from '../../../services/autoscaler/src/config.ts';
import * as notifier from '../../../services/notifier/src/config.ts';
import * as orderApi from '../../../services/order-api/src/config.ts';
import * as encoder from '../../../services/video-encoder/src/config.ts';

export const ROOT = join(import.meta.dirname, '../../..');

/** What each program reads at its start, by itself: throws `ConfigError` for settings that it cannot use. */
const readers: Readonly<Record<string, readonly ((environment: Environment) => unknown)[]>> = {
  'order-api': [orderApi.readOrderApiConfig, orderApi.readProgramConfig],
  'video-encoder': [encoder.readEncoderConfig, encoder.readProgramConfig],
  notifier: [notifier.readNotifierConfig, notifier.readProgramConfig],
  autoscaler: [autoscaler.readAutoscalerConfig, autoscaler.readProgramConfig],
};

/** Of libraries, which no code of ours names. */
const LIBRARIES =
  /^(AWS_(REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|ENDPOINT_URL(_S3|_SQS|_SNS)?)|OTEL_\w+|PG(PASSWORD|SSLROOTCERT)|NODE_EXTRA_CA_CERTS)$/;
const NAME = /\b(?:PORT|[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/g;

async function configFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true });
  return entries
    .filter((entry) => /(^|[/-])config\.ts$/.test(entry) && !entry.includes('testing/'))
    .map((entry) => join(ROOT, folder, entry));
}

/** Names in the code that may read the environment: only files called config.ts may, which a lint rule holds. */
async function namesRead(program: string): Promise<ReadonlySet<string>> {
  const folders = [`services/${program}/src`, 'packages/runtime/src', 'packages/storage/src'];
  const files = (await Promise.all(folders.map(configFiles))).flat();
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return new Set(texts.flatMap((text) => text.match(NAME) ?? []));
}

/** Of the names, those that the program does not read: misspelt, renamed, or another program's. */
export async function unreadSettings(
  program: string,
  names: Iterable<string>,
): Promise<readonly string[]> {
  const read = await namesRead(program);
  return [...names].filter((name) => !read.has(name) && !LIBRARIES.test(name));
}

/** Reads the settings as the program does. Throws `ConfigError`. */
export function readAs(program: string, environment: Environment): void {
  const reads = readers[program];
  if (!reads) throw new Error(`no program ${program}`);
  for (const read of reads) read(environment);
}
