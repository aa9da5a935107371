import * as z from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that cannot be used; the message names each one and what it should be. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** The variables that are set; an empty one counts as not set. */
export const settingsOf = (environment: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );

/**
 * Reads a service's settings from the environment. Throws `ConfigError` naming every wrong variable at
 * once.
 */
export function readConfig<S extends z.ZodType>(
  schema: S,
  environment: Environment = process.env,
): z.output<S> {
  const parsed = schema.safeParse(settingsOf(environment));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new ConfigError(`These settings cannot be used:\n${lines.join('\n')}`);
}

/** "true"/"false", "1"/"0", "yes"/"no", "on"/"off". */
export const Flag = z.stringbool();
export const Port = z.coerce.number().int().min(0).max(65535);
export const PositiveNumber = z.coerce.number().positive();
export const WholeNumber = z.coerce.number().int().nonnegative();
/** "a,b , c" -> ["a", "b", "c"]. */
export const CommaList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
