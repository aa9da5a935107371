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

/** The parts of an AWS error, or of one entry of a batch that failed, that tell what it is. */
interface VendorError {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
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

function codeOf({ name, status }: VendorError): MessagingErrorCode {
  if (NOT_FOUND.has(name)) return 'not_found';
  if (PASSING.has(name) || status === undefined || status === 429) return 'unavailable';
  return status >= 400 && status < 500 ? 'rejected' : 'unavailable';
}

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
