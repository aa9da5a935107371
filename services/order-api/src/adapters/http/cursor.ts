import { ProblemError } from '@spillway/runtime';
import * as z from 'zod';

/** Of a list: how much, and from where. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(255).optional().meta({ description: '`nextCursor` of the page before.' }),
});

/** Says where a page ends; opaque to clients, so that its content may change. */
export const encodeCursor = (id: string): string => Buffer.from(id).toString('base64url');

/** The id that a page begins after. Throws the problem of a cursor that is none of ours. */
export function decodeCursor(cursor: string | undefined, schema: z.ZodType<string>): string | null {
  if (cursor === undefined) return null;
  const parsed = schema.safeParse(Buffer.from(cursor, 'base64url').toString());
  if (parsed.success) return parsed.data;
  throw new ProblemError(422, 'invalid-query', 'The query is not valid', {
    errors: [{ field: 'cursor', message: 'not a cursor of this API' }],
  });
}

/** One more than asked for tells whether there is a next page. */
export function pageOf<T extends { readonly id: string }>(
  found: readonly T[],
  limit: number,
): { items: T[]; nextCursor: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last ? encodeCursor(last.id) : null };
}
