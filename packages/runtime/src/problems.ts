import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type * as z from 'zod';
import type { Logger } from './log.ts';
import { loggedPath } from './logged-path.ts';

const TYPE_PREFIX = 'https://spillway.dev/problems/';

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An answer to a request that cannot be served (RFC 9457). `kind` is the stable end of its `type`. */
export class ProblemError extends Error {
  readonly status: number;
  readonly kind: string;
  readonly title: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    kind: string,
    title: string,
    more: {
      detail?: string;
      errors?: readonly FieldError[];
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(more.detail ?? title);
    this.name = 'ProblemError';
    this.status = status;
    this.kind = kind;
    this.title = title;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

/** Names every wrong field of a body or a query: 422. */
export function invalidFields(error: z.ZodError, where: 'body' | 'query'): ProblemError {
  const errors = error.issues.flatMap((issue) => {
    const parent = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [{ field: parent, message: issue.message }];
    return issue.keys.map((key) => ({
      field: parent === '' ? key : `${parent}.${key}`,
      message: 'unknown field',
    }));
  });
  return new ProblemError(422, `invalid-${where}`, `The ${where} is not valid`, {
    detail: errors
      .map(({ field, message }) => (field ? `${field}: ${message}` : message))
      .join('; '),
    errors,
  });
}

function sendProblem(response: Response, problem: ProblemError): void {
  const { status, kind, title, message, errors, headers } = problem;
  response
    .status(status)
    .set(headers)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `${TYPE_PREFIX}${kind}`,
        title,
        status,
        ...(message !== title && { detail: message }),
        ...(errors && { errors }),
      }),
    );
}

/** What express's body parser throws, in our words. */
function fromBodyParser(error: unknown): ProblemError | null {
  if (!(error instanceof Error) || !('expose' in error)) return null;
  switch ('type' in error ? error.type : undefined) {
    case 'entity.parse.failed':
      return new ProblemError(400, 'invalid-json', 'The body is not JSON', {
        detail: error.message,
      });
    case 'entity.too.large':
      return new ProblemError(413, 'body-too-large', 'The body is too large');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new ProblemError(415, 'unsupported-encoding', 'The body must be JSON in UTF-8');
    case 'request.aborted':
    case 'request.size.invalid':
      return new ProblemError(400, 'incomplete-body', 'The body ended too early');
    case undefined:
      // Of zlib: each of its encodings has codes of its own, and the parser makes all of them a 400.
      if (!('status' in error) || error.status !== 400) return null;
      return new ProblemError(
        400,
        'invalid-encoding',
        'The body is not as its Content-Encoding says',
      );
    default:
      return null;
  }
}

export const notFoundHandler: RequestHandler = (request, _response, next) =>
  next(
    new ProblemError(404, 'not-found', 'There is nothing here', {
      detail: `No route ${request.method} ${request.path}`,
    }),
  );

/** The last handler of every app: a customer sees a problem, never a stack trace. */
export const problemHandler =
  (log: Logger): ErrorRequestHandler =>
  (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const known = error instanceof ProblemError ? error : fromBodyParser(error);
    if (known) return sendProblem(response, known);
    if (error instanceof URIError) {
      return sendProblem(response, new ProblemError(400, 'invalid-path', 'The path is not valid'));
    }
    log.error(
      { err: error, method: request.method, path: loggedPath(request.path) },
      'request failed',
    );
    sendProblem(
      response,
      new ProblemError(500, 'internal', 'Something went wrong on our side', {
        detail: 'It is in the log; the request may be sent again.',
      }),
    );
  };
