import { MessagingError, type MessagingErrorCode } from '../../port.ts';

/** AMQP's reply codes that say that there is no such queue or exchange (NOT_FOUND, NO_ROUTE). */
const NOT_FOUND = new Set([404, 312]);

/** Everything but what does not exist passes: the driver itself refuses what is wrong with a message. */
const codeOf = (error: unknown): MessagingErrorCode =>
  error instanceof Error && 'code' in error && NOT_FOUND.has(Number(error.code))
    ? 'not_found'
    : 'unavailable';

/** The one place where the vendor's errors become ours; `doing` is the end of "could not ...". */
export function translate(error: unknown, doing: string): MessagingError {
  if (error instanceof MessagingError) return error;
  // A refused connection to a name with several addresses has its text within.
  const inner = error instanceof AggregateError ? error.errors.map(String).join('; ') : '';
  const text = error instanceof Error ? error.message || inner || error.name : String(error);
  return new MessagingError(codeOf(error), `Could not ${doing}: ${text}`, { cause: error });
}

/** What was asked of RabbitMQ, with its failures as ours. */
export async function asked<T>(doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw translate(error, doing);
  }
}
