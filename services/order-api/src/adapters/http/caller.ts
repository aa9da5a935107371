import { ProblemError } from '@spillway/runtime';
import type { Request, RequestHandler, Response } from 'express';
import type { ApiKeys } from '../../app/api-keys.ts';
import type { Caller } from '../../app/caller.ts';
import type { BrowserGuard } from './browser-guard.ts';

/** RFC 6750; null when the request carries no bearer token. */
const bearerTokenOf = (request: Request): string | null =>
  /^Bearer +(\S+) *$/i.exec(request.get('authorization') ?? '')?.[1] ?? null;

const keyMissing = (): ProblemError =>
  new ProblemError(401, 'key-missing', 'An API key is needed', {
    detail: 'Send it as "Authorization: Bearer spw_..."; npm run keys -- create makes one.',
    headers: { 'www-authenticate': 'Bearer realm="spillway"' },
  });

const keyInvalid = (): ProblemError =>
  new ProblemError(401, 'key-invalid', 'The API key is not valid', {
    detail: 'It is none of this server, or it was revoked.',
    headers: { 'www-authenticate': 'Bearer realm="spillway", error="invalid_token"' },
  });

/**
 * Says who asks. While no keys are needed, a request without one must come from no other website: a page
 * cannot make a browser send a key, so one with a key needs no such check.
 */
export const identify =
  (
    keys: Pick<ApiKeys, 'areNeeded' | 'callerOf' | 'everyone'>,
    guard: BrowserGuard,
  ): RequestHandler =>
  async (request, response, next) => {
    const token = bearerTokenOf(request);
    if (token === null) {
      if (await keys.areNeeded()) throw keyMissing();
      guard(request);
    }
    const caller = await (token === null ? keys.everyone() : keys.callerOf(token));
    if (caller === null) throw keyInvalid();
    response.locals.caller = caller;
    next();
  };

/** Who asks: of every request behind `identify`. */
export const callerOf = (response: Response): Caller => response.locals.caller as Caller;

/** For operators' routes. */
export const adminOnly: RequestHandler = (_request, response, next) => {
  if (callerOf(response).isAdmin) return next();
  throw new ProblemError(403, 'admin-only', 'This is for the operator', {
    detail: 'A key of the operator is needed: npm run keys -- create --admin',
  });
};
