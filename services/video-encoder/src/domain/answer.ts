import { JobError } from '@spillway/contracts';

/** What we look at of a server's answer to a request for a source. */
export interface Answer {
  readonly status: number;
  readonly contentLength: string | undefined;
  readonly contentRange: string | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/** What a transfer that breaks is taken up again by. */
export interface Resumable {
  /** Of the whole source; null when the server does not say. */
  readonly totalBytes: number | null;
  /** A strong ETag or a date (RFC 9110, 13.1.5); null when there is none, then nothing can be resumed. */
  readonly validator: string | null;
}

/** Passing although in the 4xx: time-out, too early, too many requests. */
const PASSING_STATUSES = new Set([408, 425, 429]);

/** Throws the `JobError` of an answer that holds no source. */
export function readFirst(answer: Answer): Resumable {
  if (answer.status !== 200) throw refusal(answer.status);
  const { etag, lastModified, contentLength } = answer;
  return {
    totalBytes: contentLength === undefined ? null : Number(contentLength),
    // A weak ETag (W/"...") does not promise the same bytes.
    validator: etag?.startsWith('"') ? etag : (lastModified ?? null),
  };
}

/**
 * Checks that the answer goes on where the transfer broke, of the same source. Throws
 * `source_changed`, or `source_unreachable` when the server cannot resume: a new attempt then starts
 * from the first byte.
 */
export function checkResumed(answer: Answer, source: Resumable, receivedBytes: number): void {
  const { status, contentRange } = answer;
  if (status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(contentRange ?? '') ?? [];
    if (Number(start) !== receivedBytes) throw cannotResume();
    if (!sameValidator(answer, source)) throw changed();
    const known = source.totalBytes !== null && total !== '*';
    if (known && Number(total) !== source.totalBytes) throw changed();
    return;
  }
  // A whole answer to If-Range means another source, unless the server knows no ranges at all.
  if (status === 200) throw sameValidator(answer, source) ? cannotResume() : changed();
  if (status === 416 || status === 412) throw changed();
  throw refusal(status);
}

const sameValidator = ({ etag, lastModified }: Answer, { validator }: Resumable): boolean =>
  validator?.startsWith('"')
    ? etag === undefined || etag === validator
    : lastModified === undefined || lastModified === validator;

function refusal(status: number): JobError {
  const passing = status >= 500 || PASSING_STATUSES.has(status);
  return passing
    ? new JobError('source_unreachable', `The source's server answered ${status}.`)
    : new JobError(
        'source_not_found',
        `The source's server answered ${status}: check that the address is right and still valid.`,
      );
}

const changed = (): JobError =>
  new JobError('source_changed', 'The source changed while it was being fetched: order it again.');

const cannotResume = (): JobError =>
  new JobError(
    'source_unreachable',
    'The transfer of the source broke off and its server cannot take it up where it was.',
  );
