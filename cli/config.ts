import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, type Environment, Port, readConfig } from '@spillway/runtime';
import * as z from 'zod';

const Settings = z.object({
  PORT: Port.default(8080),
  SPILLWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  SPILLWAY_ADMIN_KEY: z.string().optional(),
  SPILLWAY_DATA_DIR: z.string().default('data'),
});

export interface CliConfig {
  /** Of the API, without a slash at the end. */
  readonly url: string;
  readonly adminKey: string;
}

/** npm runs programs in the project's folder; a path means the folder where the user stands. */
export const readCallerFolder = (environment: Environment = process.env): string =>
  environment.INIT_CWD ?? process.cwd();

/** The operator's key, from the settings or as `npm start` keeps it. Throws `ConfigError`. */
export function readCliConfig(environment: Environment = process.env): CliConfig {
  const settings = readConfig(Settings, environment);
  const url = settings.SPILLWAY_URL ?? `http://127.0.0.1:${settings.PORT}`;
  const folder = resolve(readCallerFolder(environment), settings.SPILLWAY_DATA_DIR);
  const kept = join(folder, 'admin-key');
  if (settings.SPILLWAY_ADMIN_KEY === undefined && !existsSync(kept)) {
    throw new ConfigError(
      `There is no key of the operator: set SPILLWAY_ADMIN_KEY to the server's own, or SPILLWAY_DATA_DIR to the folder of a server that was started by "npm start" (${kept} is not there).`,
    );
  }
  const adminKey = settings.SPILLWAY_ADMIN_KEY ?? readFileSync(kept, 'utf8').trim();
  return { url: url.replace(/\/+$/, ''), adminKey };
}
