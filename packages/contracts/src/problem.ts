import * as z from 'zod';

/** Errors of the HTTP API, RFC 9457; `type` is stable and ends in a word that says what was wrong. */
export const Problem = z
  .object({
    type: z.string().meta({ example: 'https://spillway.dev/problems/invalid-body' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    /** One entry a wrong field. */
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
