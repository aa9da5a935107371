import {
  healthRoutes,
  type Logger,
  notFoundHandler,
  problemHandler,
  type ReadinessCheck,
} from '@spillway/runtime';
import express, { type Express, type RequestHandler, Router } from 'express';
import type { ApiKeys } from '../../app/api-keys.ts';
import type { Customers } from '../../app/customers.ts';
import type { DeadLetters } from '../../app/dead-letters.ts';
import type { CustomerOrders } from '../../app/open-orders.ts';
import type { PlaybackTokens } from '../../app/playback-tokens.ts';
import type { Sweeper } from '../../app/sweeper.ts';
import type { Presets } from '../../domain/outputs.ts';
import { browserGuard, onlyJson } from './browser-guard.ts';
import { identify } from './caller.ts';
import { customerRoutes } from './customer-routes.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { openApiDocument } from './openapi.ts';
import { type OrderRouteParts, orderRoutes } from './order-routes.ts';
import { ownOrdersOnly } from './own-orders.ts';
import { type PlayRouteParts, playRoutes } from './play-routes.ts';
import { type PlaybackRouteParts, playbackRoutes } from './playback-routes.ts';
import { playbackTokenRoutes } from './playback-token-routes.ts';
import { presetRoutes } from './preset-routes.ts';
import { translateErrors } from './problems.ts';
import { requestContext } from './request-context.ts';
import { requestRate } from './request-rate.ts';
import { type ScalingRouteParts, scalingRoutes } from './scaling-routes.ts';
import { cutSlowBodies } from './slow-bodies.ts';
import { sweepRoutes } from './sweep-routes.ts';
import { uploadAddressRoutes } from './upload-address-routes.ts';
import { type UploadRouteParts, uploadRoutes } from './upload-routes.ts';
import { type WebhookRouteParts, webhookRoutes } from './webhook-routes.ts';

export interface AppParts
  extends OrderRouteParts,
    PlaybackRouteParts,
    PlayRouteParts,
    UploadRouteParts {
  readonly tokens: PlaybackTokens;
  readonly scaling: ScalingRouteParts;
  readonly presets: Presets;
  readonly keys: ApiKeys;
  readonly customers: Customers;
  readonly customerOrders: CustomerOrders;
  readonly webhooks: WebhookRouteParts;
  readonly deadLetters: DeadLetters;
  readonly sweeper: Pick<Sweeper, 'sweep'>;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly allowedHosts: readonly string[];
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  readonly httpTimer: RequestHandler;
  readonly log: Logger;
}

function descriptionRoutes(publicUrl: string): Router {
  const router = Router();
  const description = JSON.stringify(openApiDocument(publicUrl));
  router.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(description);
  });
  return router;
}

/** Before every route that needs a key: who asks, and whether they may now. */
const gate = ({ keys, allowedHosts, customerOrders }: AppParts): Router =>
  Router()
    .use(identify(keys, browserGuard(allowedHosts)), requestRate(), onlyJson)
    .use('/v1/orders/:id', ownOrdersOnly(customerOrders));

/** The public HTTP interface: what needs no key stands before the gate, all else behind it. */
export function createApp(parts: AppParts): Express {
  const { log } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(parts.httpTimer, requestContext(log));
  app.use(uploadAddressRoutes(parts), cutSlowBodies());
  app.use(healthRoutes(parts.checks));
  app.use(descriptionRoutes(parts.publicUrl));
  app.use(playbackRoutes(parts));
  app.use(playRoutes(parts));
  app.use(gate(parts));
  app.use(orderRoutes(parts));
  app.use(eventRoutes(parts));
  app.use(uploadRoutes(parts));
  app.use(playbackTokenRoutes(parts));
  app.use(webhookRoutes(parts.webhooks));
  app.use(keyRoutes(parts.keys));
  app.use(customerRoutes(parts.customers));
  app.use(presetRoutes(parts.presets));
  app.use(scalingRoutes(parts.scaling));
  app.use(deadLetterRoutes(parts.deadLetters));
  app.use(sweepRoutes(parts.sweeper));
  app.use(notFoundHandler, translateErrors(log), problemHandler(log));
  return app;
}
