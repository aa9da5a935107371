import type * as z from 'zod';

/** A message as its schema reads it, or why it cannot be read. */
export type Reading<T> =
  | { readonly kind: 'message'; readonly message: T }
  | { readonly kind: 'newer' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Reads a body. One of a `schemaVersion` above `newestVersion` was sent by a newer service: it is
 * not wrong, only not for this consumer (law 9).
 */
export function readMessage<S extends z.ZodType>(
  body: string,
  schema: S,
  newestVersion: number,
): Reading<z.output<S>> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { kind: 'unreadable', reason: 'The body is not JSON' };
  }
  if (versionOf(json) > newestVersion) return { kind: 'newer' };
  const parsed = schema.safeParse(json);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { kind: 'unreadable', reason: `The body does not fit its schema: ${issues.join('; ')}` };
}

function versionOf(json: unknown): number {
  if (json === null || typeof json !== 'object' || !('schemaVersion' in json)) return 0;
  return typeof json.schemaVersion === 'number' ? json.schemaVersion : 0;
}
