import { isAbsolute, resolve } from 'node:path';
import { type Environment, logLevels, Port, readConfig } from '@spillway/runtime';
import * as z from 'zod';

/** npm runs programs in the project's folder; a relative path means the folder where the user stands. */
const userFolder = (environment: Environment): string => environment['INIT_CWD'] ?? process.cwd();

const Settings = z.object({
  PORT: Port.default(8080),
  SPILLWAY_DATA_DIR: z.string().default('data'),
  SPILLWAY_LOG_LEVEL: z.enum(logLevels).default('info'),
});

export interface StandaloneConfig {
  readonly port: number;
  /** Holds everything that must outlive the process. */
  readonly dataDir: string;
  readonly logLevel: (typeof logLevels)[number];
  readonly environment: Environment;
}

export function readStandaloneConfig(environment: Environment = process.env): StandaloneConfig {
  const settings = readConfig(Settings, environment);
  return {
    port: settings.PORT,
    dataDir: resolve(settings.SPILLWAY_DATA_DIR),
    logLevel: settings.SPILLWAY_LOG_LEVEL,
    environment,
  };
}

/** The path that a user named on the command line. */
export const userPath = (path: string, environment: Environment = process.env): string =>
  isAbsolute(path) ? path : resolve(userFolder(environment), path);
