import { PlaybackTokenSeconds } from '@spillway/contracts';
import {
  CommaList,
  ConfigError,
  type Environment,
  Flag,
  Port,
  PositiveNumber,
  type ProgramConfig,
  programConfigOf,
  programSettings,
  readConfig,
  Secret,
} from '@spillway/runtime';
import * as z from 'zod';

const PublicUrl = z
  .url({ protocol: /^https?$/ })
  .transform((url) => url.replace(/\/+$/, ''))
  .nullable();

const Settings = z.object({
  PORT: Port.default(8080),
  SPILLWAY_HOST: z.string().default('127.0.0.1'),
  SPILLWAY_SECRET: Secret,
  SPILLWAY_PUBLIC_URL: PublicUrl.default(null),
  SPILLWAY_ALLOWED_HOSTS: CommaList.default([]),
  SPILLWAY_ALLOW_FILE_SOURCES: Flag.default(false),
  SPILLWAY_EGRESS_ALLOW: CommaList.default([]),
  SPILLWAY_ORDER_TIMEOUT_HOURS: PositiveNumber.default(24),
  SPILLWAY_PLAYBACK_TOKEN_SECONDS: z.coerce
    .number()
    .pipe(PlaybackTokenSeconds)
    .default(6 * 3600),
});

const ProgramSettings = programSettings(9090).extend({
  DATABASE_URL: z.string(),
  STORAGE_URL: z.string(),
});

export interface OrderApiConfig {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** What playback tokens, upload addresses and webhook secrets are made from. */
  readonly secret: string;
  /** Where clients reach the API, without a slash at the end; null: at the address it listens on. */
  readonly publicUrl: string | null;
  /** Names besides those of this machine that a request's Host header may carry. */
  readonly allowedHosts: readonly string[];
  /** Whether an order may name a file of this machine: standalone mode only. */
  readonly allowFileSources: boolean;
  /** Hosts and CIDRs that sources and webhooks may be at although they are private. */
  readonly egressAllow: readonly string[];
  /** An order that has not ended after so long is ended as `timed_out`. */
  readonly orderTimeoutHours: number;
  /** How long the addresses of a signed order hold at least. */
  readonly playbackTokenSeconds: number;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Throws `ConfigError`. */
export function readOrderApiConfig(environment?: Environment): OrderApiConfig {
  const settings = readConfig(Settings, environment);
  const host = settings.SPILLWAY_HOST;
  if (!LOOPBACK.test(host)) {
    throw new ConfigError(
      `SPILLWAY_HOST: without API keys the server listens on 127.0.0.1 only, not on ${host}: anyone could order.`,
    );
  }
  return {
    port: settings.PORT,
    host,
    secret: settings.SPILLWAY_SECRET,
    publicUrl: settings.SPILLWAY_PUBLIC_URL,
    allowedHosts: settings.SPILLWAY_ALLOWED_HOSTS,
    allowFileSources: settings.SPILLWAY_ALLOW_FILE_SOURCES,
    egressAllow: settings.SPILLWAY_EGRESS_ALLOW,
    orderTimeoutHours: settings.SPILLWAY_ORDER_TIMEOUT_HOURS,
    playbackTokenSeconds: settings.SPILLWAY_PLAYBACK_TOKEN_SECONDS,
  };
}

/** What the program alone needs besides. */
export interface OrderApiProgramConfig extends ProgramConfig {
  readonly databaseUrl: string;
  readonly storageUrl: string;
}

/** Throws `ConfigError`. */
export function readProgramConfig(environment?: Environment): OrderApiProgramConfig {
  const settings = readConfig(ProgramSettings, environment);
  return {
    ...programConfigOf(settings),
    databaseUrl: settings.DATABASE_URL,
    storageUrl: settings.STORAGE_URL,
  };
}
