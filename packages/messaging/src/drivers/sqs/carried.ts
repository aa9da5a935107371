/** What a postponed message takes along, because SQS counts its copy from the beginning. */
const ATTEMPTS = 'spillway.attempts';
const SENT_AT = 'spillway.sentAt';

export interface Carried {
  /** The sender's own attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Attempts before the message was postponed. */
  readonly earlierAttempts: number;
  /** Of the first sending, milliseconds since 1970; null when this is the first. */
  readonly firstSentAt: number | null;
}

export function unpack(all: Readonly<Record<string, string>>): Carried {
  const { [ATTEMPTS]: attempts, [SENT_AT]: sentAt, ...attributes } = all;
  return {
    attributes,
    earlierAttempts: attempts === undefined ? 0 : Number(attempts),
    firstSentAt: sentAt === undefined ? null : Number(sentAt),
  };
}

export const pack = (
  attributes: Readonly<Record<string, string>>,
  { earlierAttempts, firstSentAt }: { earlierAttempts: number; firstSentAt: number },
): Record<string, string> => ({
  ...attributes,
  [ATTEMPTS]: String(earlierAttempts),
  [SENT_AT]: String(firstSentAt),
});
