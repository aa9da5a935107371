import * as z from 'zod';

/** A queue of the topology, with how many of its messages were put aside. */
const DeadLetterQueue = z
  .object({
    queue: z.string().meta({ description: 'Where the messages came from.' }),
    count: z.int().nonnegative(),
  })
  .meta({ id: 'DeadLetterQueue' });

export const DeadLetterQueues = z
  .object({ queues: z.array(DeadLetterQueue) })
  .meta({ id: 'DeadLetterQueues' });
export type DeadLetterQueues = z.infer<typeof DeadLetterQueues>;

/** A message that was put aside. */
export const DeadLetter = z
  .object({
    messageId: z.string(),
    body: z.unknown().meta({ description: 'JSON; a text when it cannot be read as such.' }),
    attributes: z.record(z.string(), z.string()),
    attempts: z.int().positive().meta({
      description: 'How often it was handed out, each look at it here included.',
    }),
    reason: z.string().nullable().meta({
      description: 'Null: the broker put it aside, because nobody answered for it too often.',
    }),
    sentAt: z.iso.datetime().meta({ description: 'When it was first sent, RFC 3339, UTC.' }),
    ageSeconds: z.number().nonnegative(),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetter>;

export const DeadLetters = z
  .object({ queue: z.string(), messages: z.array(DeadLetter) })
  .meta({ id: 'DeadLetters' });
export type DeadLetters = z.infer<typeof DeadLetters>;

/** The query of GET /v1/dead-letters/{queue}. */
export const DeadLetterQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(10),
});

/** The body of POST /v1/dead-letters/{queue}/redrive. */
export const RedriveDeadLetters = z
  .strictObject({
    limit: z.int().min(1).max(10_000).default(1000).meta({ description: 'At most so many.' }),
  })
  .meta({ id: 'RedriveDeadLetters' });

export const RedrivenDeadLetters = z
  .object({
    redriven: z.int().nonnegative().meta({ description: 'So many wait in their queue again.' }),
  })
  .meta({ id: 'RedrivenDeadLetters' });
export type RedrivenDeadLetters = z.infer<typeof RedrivenDeadLetters>;
