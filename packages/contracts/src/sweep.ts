import * as z from 'zod';

/** The body of POST /v1/sweep. */
export const SweepRequest = z
  .strictObject({
    dryRun: z.boolean().default(true).meta({ description: 'Only say what would be removed.' }),
  })
  .meta({ id: 'SweepRequest' });

const SweptObjects = z
  .object({
    objects: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    keys: z.array(z.string()).meta({ description: 'Some of them, at most 10.' }),
  })
  .meta({ id: 'SweptObjects' });
export type SweptObjects = z.infer<typeof SweptObjects>;

export const SweepReport = z
  .object({
    dryRun: z.boolean(),
    expired: SweptObjects.meta({ description: 'Files of ended orders that are kept no longer.' }),
    leftovers: SweptObjects.meta({ description: 'What ended orders have left and do not need.' }),
    removed: SweptObjects.meta({
      description: 'Of orders that were deleted, or are kept no longer.',
    }),
    orphans: SweptObjects.meta({ description: 'Of orders that nobody knows, older than a day.' }),
    uploads: z.int().nonnegative().meta({ description: 'Uploads that nobody needs any more.' }),
    more: z.boolean().meta({ description: 'A round is bounded: there is more for the next.' }),
  })
  .meta({ id: 'SweepReport' });
export type SweepReport = z.infer<typeof SweepReport>;
