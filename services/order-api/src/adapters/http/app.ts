import type { Backlog } from '@spillway/contracts';
import { MessagingError } from '@spillway/messaging';
import {
  healthRoutes,
  type Logger,
  notFoundHandler,
  ProblemError,
  problemHandler,
  type ReadinessCheck,
} from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import express, { type Express, type RequestHandler, Router } from 'express';
import type { EventFeed } from '../../app/event-feed.ts';
import type { QueueDepths } from '../../app/queue-depths.ts';
import { backlogOf } from '../../domain/backlog.ts';
import { browserGuard } from './browser-guard.ts';
import { identify } from './caller.ts';
import { eventRoutes } from './event-routes.ts';
import { openApiDocument } from './openapi.ts';
import { type OrderRouteParts, orderRoutes } from './order-routes.ts';
import { playRoutes } from './play-routes.ts';
import { playbackRoutes } from './playback-routes.ts';
import { translateErrors } from './problems.ts';
import { requestContext } from './request-context.ts';

export interface AppParts extends OrderRouteParts {
  readonly storage: ObjectStore;
  readonly feed: EventFeed;
  readonly depths: QueueDepths;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly allowedHosts: readonly string[];
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  readonly httpTimer: RequestHandler;
  readonly log: Logger;
}

async function depthsOrProblem(depths: QueueDepths): Promise<Backlog['queues']> {
  try {
    return await depths();
  } catch (error) {
    if (!(error instanceof MessagingError)) throw error;
    throw new ProblemError(503, 'broker-unavailable', 'The broker does not answer', {
      headers: { 'retry-after': '5' },
    });
  }
}

function operatorRoutes({ store, depths, publicUrl }: AppParts): Router {
  const router = Router();
  const description = JSON.stringify(openApiDocument(publicUrl));
  router.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(description);
  });
  router.get('/v1/backlog', async (_request, response) => {
    const queues = await depthsOrProblem(depths);
    response.json(backlogOf(await store.openJobs(), queues, new Date().toISOString()));
  });
  return router;
}

/** The public HTTP interface. */
export function createApp(parts: AppParts): Express {
  const { store, storage, feed, log } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(parts.httpTimer, requestContext(log));
  app.use(healthRoutes(parts.checks));
  app.use(browserGuard(parts.allowedHosts));
  app.use(identify);
  app.use(orderRoutes(parts));
  app.use(eventRoutes({ store, feed }));
  app.use(playbackRoutes({ store, storage }));
  app.use(playRoutes(store));
  app.use(operatorRoutes(parts));
  app.use(notFoundHandler, translateErrors(log), problemHandler(log));
  return app;
}
