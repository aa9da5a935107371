import { ProblemError } from '@spillway/runtime';
import type { Request, RequestHandler } from 'express';

const LOOPBACK_NAME = /^(localhost|[a-z0-9-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const hostnameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, '');

/**
 * Without keys, whoever reaches the port may order; so no website that the user visits may. A name of
 * another's that leads to this machine (DNS rebinding) is not ours, a page of another origin may not
 * change anything, and a form cannot send JSON.
 */
export function browserGuard(allowedHosts: readonly string[]): RequestHandler {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const isOurs = (host: string): boolean => {
    const name = hostnameOf(host);
    return LOOPBACK_NAME.test(name) || allowed.has(name);
  };
  return (request, _response, next) => {
    const host = request.get('host') ?? '';
    if (!isOurs(host)) {
      throw new ProblemError(403, 'host-not-allowed', 'The server is not known by this name', {
        detail: `Without API keys it answers to names of this machine, not to "${host}"; SPILLWAY_ALLOWED_HOSTS adds names.`,
      });
    }
    if (!SAFE_METHODS.has(request.method)) checkChange(request, host);
    next();
  };
}

function checkChange(request: Request, host: string): void {
  const origin = request.get('origin');
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    throw new ProblemError(403, 'cross-origin', 'Pages of other origins may not do this');
  }
  const hasBody =
    request.get('transfer-encoding') !== undefined ||
    (request.get('content-length') ?? '0') !== '0';
  if (hasBody && !request.is('application/json')) {
    throw new ProblemError(415, 'not-json', 'The body must be application/json');
  }
}
