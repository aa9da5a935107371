import { type CustomerLimits, PlaybackTokenSeconds } from '@spillway/contracts';
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
import type { Retention } from './app/retention.ts';

const PublicUrl = z
  .url({ protocol: /^https?$/ })
  .transform((url) => url.replace(/\/+$/, ''))
  .nullable();

const AdminKey = z
  .string()
  .regex(
    /^[\x21-\x7e]{32,}$/,
    'must have 32 visible characters or more, and be random: openssl rand -hex 32',
  );
const NotNegative = z.coerce.number().nonnegative();
const WholePositive = z.coerce.number().int().positive();

/** `{token}` in it is where a CDN that checks tokens finds them. */
const MediaBaseUrl = z
  .string()
  .refine(
    (url) =>
      /^https?:\/\/[^/?#{}]+(\/[^?#{}]*(\{token\}[^?#{}]*)?)?$/.test(url) &&
      URL.canParse(url.replace('{token}', 'token')),
    'must be an http(s) address, with {token} in its path if the CDN checks tokens',
  )
  .transform((url) => url.replace(/\/+$/, ''))
  .nullable();

const Settings = z.object({
  PORT: Port.default(8080),
  SPILLWAY_HOST: z.string().default('127.0.0.1'),
  SPILLWAY_SECRET: Secret,
  SPILLWAY_ADMIN_KEY: AdminKey.optional(),
  SPILLWAY_PUBLIC_URL: PublicUrl.default(null),
  SPILLWAY_ALLOWED_HOSTS: CommaList.default([]),
  SPILLWAY_ALLOW_FILE_SOURCES: Flag.default(false),
  SPILLWAY_EGRESS_ALLOW: CommaList.default([]),
  SPILLWAY_ORDER_TIMEOUT_HOURS: PositiveNumber.default(24),
  SPILLWAY_UPLOAD_HOURS: PositiveNumber.default(24),
  // 0: for ever.
  SPILLWAY_RETAIN_SOURCES_HOURS: NotNegative.default(7 * 24),
  SPILLWAY_RETAIN_OUTPUTS_DAYS: NotNegative.default(0),
  SPILLWAY_RETAIN_ORDERS_DAYS: NotNegative.default(0),
  SPILLWAY_RETAIN_EVENTS_DAYS: NotNegative.default(30),
  SPILLWAY_RETAIN_IDEMPOTENCY_KEYS_HOURS: PositiveNumber.default(24),
  SPILLWAY_CUSTOMER_OPEN_ORDERS: WholePositive.default(10_000),
  // A flood of 1000 orders at once passes, and leaves room for what is asked meanwhile.
  SPILLWAY_CUSTOMER_REQUESTS_PER_SECOND: PositiveNumber.default(1000),
  // As the workers' own.
  SPILLWAY_SOURCE_MAX_BYTES: WholePositive.default(64 * 1024 ** 3),
  SPILLWAY_SOURCE_MAX_SECONDS: PositiveNumber.default(24 * 3600),
  SPILLWAY_SOURCE_MAX_PIXELS: WholePositive.default(8192 * 4320),
  SPILLWAY_MEDIA_BASE_URL: MediaBaseUrl.default(null),
  SPILLWAY_PRESETS_DIR: z.string().nullable().default(null),
  SPILLWAY_EVENT_STREAMS: z.coerce.number().int().positive().default(10_000),
  SPILLWAY_PLAYBACK_TOKEN_SECONDS: z.coerce
    .number()
    .pipe(PlaybackTokenSeconds)
    .default(6 * 3600),
});

const DatabaseSettings = z.object({
  DATABASE_URL: z.string(),
});

const ProgramSettings = programSettings(9090).extend({
  ...DatabaseSettings.shape,
  SPILLWAY_DATABASE_CONNECTIONS: z.coerce.number().int().min(4).default(10),
  STORAGE_URL: z.string(),
});

export interface OrderApiConfig {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** What playback tokens, upload addresses and webhook secrets are made from. */
  readonly secret: string;
  /** Of the operator; null: only keys that were made by one are. */
  readonly adminKey: string | null;
  /** Others than this machine reach the server. */
  readonly isExposed: boolean;
  /** Of a customer for whom the operator chose nothing else. */
  readonly customerLimits: CustomerLimits;
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
  /** How long an upload may take, and how long a complete one waits for its order. */
  readonly uploadHours: number;
  readonly retention: Retention;
  /** Where a CDN serves the object store, without a slash at the end; null: the API serves media itself. */
  readonly mediaBaseUrl: string | null;
  /** Presets of the operator: `<name>.json` each; null: ours alone. */
  readonly presetsDir: string | null;
  /** How many may listen to events at once. */
  readonly eventStreams: number;
  /** How long the addresses of a signed order hold at least. */
  readonly playbackTokenSeconds: number;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Whether only this machine reaches a server that listens there. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** 0: for ever. */
const kept = (time: number, unitMs: number): number | null => (time === 0 ? null : time * unitMs);

const retentionOf = (settings: z.output<typeof Settings>): Retention => ({
  sourcesMs: kept(settings.SPILLWAY_RETAIN_SOURCES_HOURS, HOUR_MS),
  outputsMs: kept(settings.SPILLWAY_RETAIN_OUTPUTS_DAYS, DAY_MS),
  ordersMs: kept(settings.SPILLWAY_RETAIN_ORDERS_DAYS, DAY_MS),
  eventsMs: kept(settings.SPILLWAY_RETAIN_EVENTS_DAYS, DAY_MS),
  idempotencyKeysMs: settings.SPILLWAY_RETAIN_IDEMPOTENCY_KEYS_HOURS * HOUR_MS,
});

/** Throws `ConfigError`. */
export function readOrderApiConfig(environment?: Environment): OrderApiConfig {
  const settings = readConfig(Settings, environment);
  const host = settings.SPILLWAY_HOST;
  const adminKey = settings.SPILLWAY_ADMIN_KEY ?? null;
  const isExposed = !isLoopback(host);
  if (isExposed && adminKey === null) {
    throw new ConfigError(
      `SPILLWAY_ADMIN_KEY: must be set for the server to listen on ${host}, where others than this machine reach it; without keys anyone could order. For example: openssl rand -hex 32`,
    );
  }
  return {
    port: settings.PORT,
    host,
    secret: settings.SPILLWAY_SECRET,
    adminKey,
    isExposed,
    customerLimits: {
      openOrders: settings.SPILLWAY_CUSTOMER_OPEN_ORDERS,
      requestsPerSecond: settings.SPILLWAY_CUSTOMER_REQUESTS_PER_SECOND,
      source: {
        bytes: settings.SPILLWAY_SOURCE_MAX_BYTES,
        seconds: settings.SPILLWAY_SOURCE_MAX_SECONDS,
        pixels: settings.SPILLWAY_SOURCE_MAX_PIXELS,
      },
    },
    publicUrl: settings.SPILLWAY_PUBLIC_URL,
    allowedHosts: settings.SPILLWAY_ALLOWED_HOSTS,
    allowFileSources: settings.SPILLWAY_ALLOW_FILE_SOURCES,
    egressAllow: settings.SPILLWAY_EGRESS_ALLOW,
    orderTimeoutHours: settings.SPILLWAY_ORDER_TIMEOUT_HOURS,
    uploadHours: settings.SPILLWAY_UPLOAD_HOURS,
    retention: retentionOf(settings),
    mediaBaseUrl: settings.SPILLWAY_MEDIA_BASE_URL,
    presetsDir: settings.SPILLWAY_PRESETS_DIR,
    eventStreams: settings.SPILLWAY_EVENT_STREAMS,
    playbackTokenSeconds: settings.SPILLWAY_PLAYBACK_TOKEN_SECONDS,
  };
}

/** What the program alone needs besides. */
export interface OrderApiProgramConfig extends ProgramConfig {
  readonly databaseUrl: string;
  /** At most so many at a time. */
  readonly databaseConnections: number;
  readonly storageUrl: string;
}

/** Throws `ConfigError`. */
export function readProgramConfig(environment?: Environment): OrderApiProgramConfig {
  const settings = readConfig(ProgramSettings, environment);
  return {
    ...programConfigOf(settings),
    databaseUrl: settings.DATABASE_URL,
    databaseConnections: settings.SPILLWAY_DATABASE_CONNECTIONS,
    storageUrl: settings.STORAGE_URL,
  };
}

/** What `migrate` needs. Throws `ConfigError`. */
export const readDatabaseUrl = (environment?: Environment): string =>
  readConfig(DatabaseSettings, environment).DATABASE_URL;
