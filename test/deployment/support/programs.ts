import { join } from 'node:path';
import type { Environment } from '@spillway/runtime';
import * as autoscaler from '../../../services/autoscaler/src/config.ts';
import * as notifier from '../../../services/notifier/src/config.ts';
import * as orderApi from '../../../services/order-api/src/config.ts';
import * as encoder from '../../../services/video-encoder/src/config.ts';
import { settingsReadBy } from '../../ecs/settings.ts';

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
  /^(AWS_(REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|ENDPOINT_URL(_S3|_SQS|_SNS)?)|NODE_EXTRA_CA_CERTS)$/;

/** Of the names, those that the program does not read: misspelt, renamed, or another program's. */
export function unreadSettings(program: string, names: Iterable<string>): readonly string[] {
  const read = settingsReadBy(program);
  return [...names].filter((name) => !read.has(name) && !LIBRARIES.test(name));
}

/** Reads the settings as the program does. Throws `ConfigError`. */
export function readAs(program: string, environment: Environment): void {
  const reads = readers[program];
  if (!reads) throw new Error(`no program ${program}`);
  for (const read of reads) read(environment);
}
