import { ProblemError } from '@spillway/runtime';
import type { Request, RequestHandler } from 'express';

const LOOPBACK_NAME = /^(localhost|[a-z0-9-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const hostnameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, '');

/** Throws the problem of a request that another website may have made. */
export type BrowserGuard = (request: Request) => void;

/**
 * Without keys, whoever reaches the port may order; so no website that the user visits may. A name of
 * another's that leads to this machine (DNS rebinding) is not ours, and a page of another origin may not
 * change anything.
 */
export function browserGuard(allowedHosts: readonly string[]): BrowserGuard {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const isOurs = (host: string): boolean => {
    const name = hostnameOf(host);
    return LOOPBACK_NAME.test(name) || allowed.has(name);
  };
  return (request) => {
    const host = request.get('host') ?? '';
    if (!isOurs(host)) {
      throw new ProblemError(403, 'host-not-allowed', 'The server is not known by this name', {
        detail: `Without API keys it answers to names of this machine, not to "${host}"; SPILLWAY_ALLOWED_HOSTS adds names.`,
      });
    }
    const origin = SAFE_METHODS.has(request.method) ? undefined : request.get('origin');
    if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) {
      throw new ProblemError(403, 'cross-origin', 'Pages of other origins may not do this');
    }
  };
}

/** A change comes as JSON: what a form can send is none, and nothing else is looked at. */
export const onlyJson: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.get('transfer-encoding') !== undefined ||
    (request.get('content-length') ?? '0') !== '0';
  if (!SAFE_METHODS.has(request.method) && hasBody && !request.is('application/json')) {
    throw new ProblemError(415, 'not-json', 'The body must be application/json');
  }
  next();
};
