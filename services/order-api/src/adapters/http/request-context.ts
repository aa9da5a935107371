import { randomUUID } from 'node:crypto';
import { type Logger, startSpan, traceIdOf } from '@spillway/runtime';
import type { Request, RequestHandler, Response } from 'express';
import type { Trace } from '../../app/ports.ts';

export interface RequestContext {
  readonly trace: Trace;
  readonly log: Logger;
}

const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/** Gives each request its id and its place in a trace: the client's own where it sent some. */
export const requestContext =
  (log: Logger): RequestHandler =>
  (request, response, next) => {
    const given = request.get('x-request-id');
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
    const span = startSpan(request.method, {
      kind: 'server',
      parent: request.get('traceparent'),
      attributes: { 'http.request.method': request.method, 'spillway.request.id': requestId },
    });
    response.on('close', () => {
      const { statusCode } = response;
      const route = routeOf(request);
      span.rename(`${request.method} ${route}`);
      span.set({ 'http.route': route, 'http.response.status_code': statusCode });
      span.end(statusCode >= 500 ? `answered ${statusCode}` : null);
    });
    const { traceparent } = span;
    response.set('x-request-id', requestId);
    const context: RequestContext = {
      trace: { traceparent, requestId },
      log: log.child({ requestId, traceId: traceIdOf(traceparent) }),
    };
    response.locals.context = context;
    next();
  };

export const contextOf = (response: Response): RequestContext =>
  response.locals.context as RequestContext;

/** The route's template, for example `/v1/orders/{id}`: bounded, unlike paths. */
export const routeOf = (request: Request): string => {
  const path: unknown = request.route?.path;
  return typeof path === 'string' ? path.replace(/[:*](\w+)/g, '{$1}') : 'none';
};
