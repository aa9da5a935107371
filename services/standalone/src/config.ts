import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Environment, logLevels, Port, readConfig } from '@spillway/runtime';
import * as z from 'zod';

const Settings = z.object({
  PORT: Port.default(8080),
  SPILLWAY_HOST: z.string().default('127.0.0.1'),
  SPILLWAY_ADMIN_PORT: Port.optional(),
  SPILLWAY_ADMIN_KEY: z.string().optional(),
  SPILLWAY_DATA_DIR: z.string().default('data'),
  STORAGE_URL: z.string().optional(),
  BROKER_URL: z.string().optional(),
  SPILLWAY_AMQP_MANAGEMENT_URL: z.url().optional(),
  SPILLWAY_LOG_LEVEL: z.enum(logLevels).default('info'),
});

export interface StandaloneConfig {
  readonly port: number;
  readonly host: string;
  /** Of the operator; null: one that the data folder keeps. */
  readonly adminKey: string | null;
  /** For /metrics; by default the one after `port`. */
  readonly adminPort: number;
  /** Holds everything that must outlive the process. */
  readonly dataDir: string;
  /** Of the objects; by default in the data folder. */
  readonly storageUrl: string;
  /** Null: our broker in the process, with its files in the data folder. */
  readonly brokerUrl: string | null;
  readonly amqpManagementUrl: string | undefined;
  readonly logLevel: (typeof logLevels)[number];
  /** What the embedded services read their own settings from. */
  readonly environment: Environment;
}

export function readStandaloneConfig(environment: Environment = process.env): StandaloneConfig {
  const settings = readConfig(Settings, environment);
  const dataDir = userPath(settings.SPILLWAY_DATA_DIR, environment);
  return {
    port: settings.PORT,
    host: settings.SPILLWAY_HOST,
    adminKey: settings.SPILLWAY_ADMIN_KEY ?? null,
    adminPort: settings.SPILLWAY_ADMIN_PORT ?? (settings.PORT === 0 ? 0 : settings.PORT + 1),
    dataDir,
    storageUrl: settings.STORAGE_URL ?? pathToFileURL(join(dataDir, 'objects')).href,
    brokerUrl: settings.BROKER_URL ?? null,
    amqpManagementUrl: settings.SPILLWAY_AMQP_MANAGEMENT_URL,
    logLevel: settings.SPILLWAY_LOG_LEVEL,
    environment,
  };
}

/**
 * For one order in a folder of its own: the user's settings, but on this machine alone, with all files in the
 * folder, and no port that could be taken.
 */
export const readOneOrderConfig = (dataDir: string): StandaloneConfig =>
  readStandaloneConfig({
    ...process.env,
    PORT: '0',
    SPILLWAY_HOST: '127.0.0.1',
    SPILLWAY_DATA_DIR: dataDir,
    STORAGE_URL: undefined,
    BROKER_URL: undefined,
  });

/** npm runs programs in the project's folder; a path means the folder where the user stands. */
export const userPath = (path: string, environment: Environment = process.env): string =>
  resolve(environment.INIT_CWD ?? process.cwd(), path);

/** An address as it is, a path as a file: address. */
export const sourceUrl = (source: string): string =>
  /^(https?|file|s3):/.test(source) ? source : pathToFileURL(userPath(source)).href;
