import { MessagingError, type MessagingErrorCode } from '../../port.ts';

const NOT_FOUND = new Set([
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'NotFound',
  'NotFoundException',
]);

/** Answered with a 4xx, but it passes. */
const PASSING = new Set([
  'RequestThrottled',
  'RequestThrottledException',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'KmsThrottled',
  'OverLimit',
  'RequestExpired',
  'ExpiredToken',
  'ExpiredTokenException',
  'QueueDeletedRecently',
]);

/** Rights, keys and clocks: told with a 400 or a 403, and no message is to blame for them. */
const DENIED =
  /^(AccessDenied|AuthorizationError|IncompleteSignature|InvalidClientTokenId|InvalidSecurity|InvalidSignature|Kms|MissingAuthenticationToken|NotAuthorized|OptInRequired|SignatureDoesNotMatch|UnrecognizedClient)/i;

/** The parts of an AWS error, or of one entry of a batch that failed, that tell what it is. */
interface VendorError {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
}

/** One entry of a batch that failed while others may have succeeded. */
export interface FailedEntry {
  readonly Id?: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

function read(error: unknown): VendorError {
  if (!(error instanceof Error)) return { name: '', message: String(error), status: undefined };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  // A refused connection to a name with several addresses has its text within.
  const inner = error instanceof AggregateError ? error.errors.map(String).join('; ') : '';
  return {
    name: error.name,
    message: error.message || inner || error.name,
    status: $metadata?.httpStatusCode,
  };
}

/**
 * `rejected` is for good: the outbox sets such a message aside. So it is said only where the message
 * itself is wrong; SQS throttles with a 403 too.
 */
function codeOf({ name, status }: Omit<VendorError, 'message'>): MessagingErrorCode {
  if (NOT_FOUND.has(name)) return 'not_found';
  if (PASSING.has(name) || DENIED.test(name)) return 'unavailable';
  if (status === undefined || [401, 403, 429].includes(status)) return 'unavailable';
  return status >= 400 && status < 500 ? 'rejected' : 'unavailable';
}

/** `SenderFault` is the 4xx of an entry: it is said of throttling too. */
export const isRejectedEntry = ({ Code = '', SenderFault }: FailedEntry): boolean =>
  codeOf({ name: Code, status: SenderFault ? 400 : 500 }) === 'rejected';

/** The one place where the vendor's errors become ours; `doing` is the end of "could not ...". */
export function translate(error: unknown, doing: string): MessagingError {
  if (error instanceof MessagingError) return error;
  const vendor = read(error);
  return new MessagingError(codeOf(vendor), `Could not ${doing}: ${vendor.message}`, {
    cause: error,
  });
}

/** The lease had ended before the answer: the message is delivered again, which is no error. */
export function isLateAnswer(name: string, message: string): boolean {
  if (name === 'MessageNotInflight' || name === 'ReceiptHandleIsInvalid') return true;
  return name === 'InvalidParameterValue' && /expired|not available/i.test(message);
}

export const isLate = (error: unknown): boolean => {
  const { name, message } = read(error);
  return isLateAnswer(name, message);
};
