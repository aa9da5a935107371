import * as z from 'zod';

const JobGroup = z
  .object({
    queue: z.string().meta({ description: 'That they wait in, or were taken from.' }),
    jobs: z.int().positive(),
    estimateSeconds: z.number().nonnegative().meta({
      description:
        'Of each: work-seconds of one core; of a copy, which waits for the network, seconds. One that nothing is known of counts with the mean of the others.',
    }),
    seconds: z
      .number()
      .nonnegative()
      .meta({ description: 'So long each waits, or runs: the mean.' }),
  })
  .meta({ id: 'JobGroup', description: 'Jobs alike.' });
export type JobGroup = z.infer<typeof JobGroup>;

const Lane = z.object({
  jobs: z.int().nonnegative(),
  /** Work-seconds of one core; jobs without an estimate count with the mean of the known ones. */
  estimatedSeconds: z.number().nonnegative(),
  /** Of the job that waits, or runs, for the longest; null when there is none. */
  oldestSeconds: z.number().nonnegative().nullable(),
  groups: z.array(JobGroup).meta({
    description:
      'A few thousand at most, however many jobs there are. Those that wait are in the order in which workers take them; a job that failed and waits for its next try is in none.',
  }),
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
