import * as z from 'zod';

const Lane = z.object({
  jobs: z.int().nonnegative(),
  /** Work-seconds of one worker; jobs without an estimate count with the mean of the known ones. */
  estimatedSeconds: z.number().nonnegative(),
  /** Age of the oldest job, null when there is none. */
  oldestSeconds: z.number().nonnegative().nullable(),
});

/** What waits and what runs: the autoscaler's view. */
export const Backlog = z
  .object({
    waiting: Lane,
    running: Lane,
    queues: z.array(
      z.object({
        name: z.string(),
        waiting: z.int().nonnegative(),
        inFlight: z.int().nonnegative(),
        delayed: z.int().nonnegative(),
      }),
    ),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Backlog' });
export type Backlog = z.infer<typeof Backlog>;
