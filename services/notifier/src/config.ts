import {
  CommaList,
  type Environment,
  type ProgramConfig,
  programConfigOf,
  programSettings,
  readConfig,
  Secret,
} from '@spillway/runtime';
import * as z from 'zod';

/** Brokers hide a message for at most 12 h. */
const Schedule = CommaList.transform((list) => list.map(Number)).pipe(
  z.array(z.number().positive().max(43_200)).min(1),
);

const Settings = z.object({
  SPILLWAY_SECRET: Secret,
  SPILLWAY_WEBHOOK_RETRY_SECONDS: Schedule.prefault('5,30,120,600,1800,3600,7200,14400'),
  SPILLWAY_NOTIFIER_SLOTS: z.coerce.number().int().positive().default(20),
  SPILLWAY_STOP_GRACE_SECONDS: z.coerce.number().nonnegative().default(20),
  SPILLWAY_EGRESS_ALLOW: CommaList.default([]),
});

const ProgramSettings = programSettings(9092);

export interface NotifierConfig {
  /** What the secrets that sign webhooks are made from: the same as order-api's. */
  readonly secret: string;
  /** Pauses between tries; the last one again and again, for 24 h. */
  readonly retrySeconds: readonly number[];
  /** Receivers spoken to at once. */
  readonly slots: number;
  /** How long a stop waits for receivers that are being told. */
  readonly stopGraceSeconds: number;
  /** Hosts and CIDRs of receivers that are fine although they are private. */
  readonly egressAllow: readonly string[];
}

/** Throws `ConfigError`. */
export function readNotifierConfig(environment?: Environment): NotifierConfig {
  const settings = readConfig(Settings, environment);
  return {
    secret: settings.SPILLWAY_SECRET,
    retrySeconds: settings.SPILLWAY_WEBHOOK_RETRY_SECONDS,
    slots: settings.SPILLWAY_NOTIFIER_SLOTS,
    stopGraceSeconds: settings.SPILLWAY_STOP_GRACE_SECONDS,
    egressAllow: settings.SPILLWAY_EGRESS_ALLOW,
  };
}

/** What the program alone needs besides; throws `ConfigError`. */
export const readProgramConfig = (environment?: Environment): ProgramConfig =>
  programConfigOf(readConfig(ProgramSettings, environment));
