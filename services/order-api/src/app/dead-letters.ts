import { type DeadLetter, type DeadLetterQueues, topology } from '@spillway/contracts';
import {
  DEAD_LETTER_REASON,
  type Delivery,
  deadLetterQueueOf,
  type Messaging,
} from '@spillway/messaging';

/** So long without a message, and there are no more to be had. */
const IDLE_MS = 1_500;
const REDRIVEN_AT_ONCE = 10;

/** What was put aside, and the way back. */
export interface DeadLetters {
  count(): Promise<DeadLetterQueues['queues']>;
  /** At most so many; they stay. What another request holds is not seen, and of an ordered queue one of each group. */
  look(queue: string, limit: number): Promise<DeadLetter[]>;
  /** Sends at most so many to their queue again, as new messages. Answers how many. */
  redrive(queue: string, limit: number): Promise<number>;
}

/** The body as it was meant. */
function contentOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function shown({ id, body, attributes, attempt, sentAt }: Delivery): DeadLetter {
  const { [DEAD_LETTER_REASON]: reason = null, ...own } = attributes;
  return {
    messageId: id,
    body: contentOf(body),
    attributes: own,
    attempts: attempt,
    reason,
    sentAt: sentAt.toISOString(),
    ageSeconds: Math.max(0, (Date.now() - sentAt.getTime()) / 1000),
  };
}

/** Those included that somebody looks at. */
async function countOf(messaging: Messaging, queue: string): Promise<number> {
  const { waiting, inFlight, delayed } = await messaging.depth(deadLetterQueueOf(queue));
  return waiting + inFlight + delayed;
}

/**
 * Hands at most `most` dead letters to `onLetter`, which answers them; `over` resolves when there are no
 * more. No more than there were in the beginning: what is sent again may be dead again meanwhile.
 * Rejects with what `onLetter` rejected with.
 */
async function visit(
  messaging: Messaging,
  { queue, limit, atOnce }: { queue: string; limit: number; atOnce: number },
  onLetter: (letter: Delivery, over: Promise<void>) => Promise<void>,
): Promise<void> {
  const name = deadLetterQueueOf(queue);
  const most = Math.min(limit, await countOf(messaging, queue));
  if (most === 0) return;
  const over = Promise.withResolvers<void>();
  const idle = setTimeout(over.resolve, IDLE_MS);
  const failures: unknown[] = [];
  let taken = 0;
  const subscription = messaging.subscribe([name], { concurrency: atOnce }, async (letter) => {
    if (taken === most || failures.length > 0) return letter.retry(0);
    taken += 1;
    idle.refresh();
    if (taken === most) over.resolve();
    await onLetter(letter, over.promise).catch((error: unknown) => {
      failures.push(error);
      over.resolve();
    });
  });
  await over.promise;
  clearTimeout(idle);
  await subscription.stop();
  if (failures.length > 0) throw failures[0];
}

/** Over the messaging port, so that it is the same with every broker. */
export const deadLetters = (messaging: Messaging): DeadLetters => ({
  count: () =>
    Promise.all(
      topology.queues.map(async ({ name: queue }) => ({
        queue,
        count: await countOf(messaging, queue),
      })),
    ),
  async look(queue, limit) {
    const seen: DeadLetter[] = [];
    await visit(messaging, { queue, limit, atOnce: limit }, async (letter, over) => {
      seen.push(shown(letter));
      // Held until the end: it would be handed out again.
      await over;
      await letter.retry(0);
    });
    return seen;
  },
  async redrive(queue, limit) {
    let redriven = 0;
    await visit(messaging, { queue, limit, atOnce: REDRIVEN_AT_ONCE }, async (letter) => {
      const { id, body, group, attributes } = letter;
      const { [DEAD_LETTER_REASON]: _reason, ...own } = attributes;
      // The id: should only the ack fail, a second copy is dropped where the queue is ordered.
      const message = { body, attributes: own, deduplicationId: id };
      await messaging.send(queue, [{ ...message, ...(group !== null && { group }) }]);
      await letter.ack();
      redriven += 1;
    });
    return redriven;
  },
});
