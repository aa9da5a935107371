import { randomUUID } from 'node:crypto';
import type { Message, Options } from 'amqplib';
import { MessagingError, type OutgoingMessage } from '../../port.ts';

/** Of ours; everything else in the headers is an attribute of the sender, or RabbitMQ's own `x-...`. */
const OURS = 'spillway.';
const ATTEMPTS = 'spillway.attempts';
const SENT_AT = 'spillway.sentAt';
const GROUP = 'spillway.group';
const DEDUPLICATION_ID = 'spillway.deduplicationId';
const DELAY = 'spillway.delaySeconds';
/** How often a quorum queue gave the message to a consumer whose channel then broke. */
const CRASHES = 'x-delivery-count';

const MOST_ATTRIBUTES = 7;
const MOST_DELAY_SECONDS = 900;
/** RabbitMQ 4 refuses more by closing the channel, which others are publishing on. */
const MOST_BODY_BYTES = 16 * 1024 * 1024;

/** A message as RabbitMQ keeps it; a copy of it that goes elsewhere is still the same message. */
export interface Stored {
  readonly id: string;
  readonly body: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  readonly group: string | null;
  readonly deduplicationId: string | null;
  /** Attempts that ended; those in which a consumer died are not in the message itself. */
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** How long it is still to be parked when it arrives; see `parking.ts`. */
  readonly delaySeconds: number;
}

/** Throws `rejected` for what the port does not allow. */
export function toStored(
  message: OutgoingMessage,
  ordered: boolean,
  mayBeDelayed = !ordered,
): Stored {
  const { attributes = {}, group, delaySeconds = 0, deduplicationId } = message;
  const names = Object.keys(attributes);
  const body = Buffer.from(message.body);
  const refuse = (why: string) => {
    throw new MessagingError('rejected', `The message is refused: ${why}`);
  };
  if (names.length > MOST_ATTRIBUTES) refuse(`it has more than ${MOST_ATTRIBUTES} attributes`);
  const taken = names.find((name) => name === '' || name.startsWith(OURS) || /^x-/i.test(name));
  if (taken !== undefined) refuse(`"${taken}" is no name for an attribute`);
  if (ordered && group === undefined) refuse('a message to an ordered queue needs a group');
  if (delaySeconds > 0 && !mayBeDelayed) refuse('only one to an unordered queue can be delayed');
  if (delaySeconds > MOST_DELAY_SECONDS) refuse(`it is delayed by over ${MOST_DELAY_SECONDS} s`);
  if (body.length > MOST_BODY_BYTES) refuse('it is larger than 16 MiB');
  return {
    id: randomUUID(),
    body,
    attributes,
    group: group ?? null,
    deduplicationId: deduplicationId ?? null,
    attempts: 0,
    sentAt: Date.now(),
    delaySeconds,
  };
}

export const propertiesOf = (stored: Stored): Options.Publish => ({
  persistent: true,
  contentType: 'application/json',
  messageId: stored.id,
  headers: {
    ...stored.attributes,
    [SENT_AT]: stored.sentAt,
    ...(stored.attempts > 0 && { [ATTEMPTS]: stored.attempts }),
    ...(stored.group !== null && { [GROUP]: stored.group }),
    ...(stored.deduplicationId !== null && { [DEDUPLICATION_ID]: stored.deduplicationId }),
    ...(stored.delaySeconds > 0 && { [DELAY]: stored.delaySeconds }),
  },
});

/** Reads what others put into our queues too: what is missing has a default. */
export function readStored({ content, properties }: Message): Stored {
  const headers: Readonly<Record<string, unknown>> = properties.headers ?? {};
  const number = (name: string, otherwise: number) => Number(headers[name] ?? otherwise);
  const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : null);
  return {
    id: String(properties.messageId ?? randomUUID()),
    body: content,
    attributes: Object.fromEntries(
      Object.entries(headers).filter(
        (entry): entry is [string, string] =>
          typeof entry[1] === 'string' && !entry[0].startsWith(OURS) && !/^x-/i.test(entry[0]),
      ),
    ),
    group: text(GROUP),
    deduplicationId: text(DEDUPLICATION_ID),
    attempts: number(ATTEMPTS, 0) + number(CRASHES, 0),
    sentAt: number(SENT_AT, Date.now()),
    delaySeconds: number(DELAY, 0),
  };
}
