import {
  ChangeWebhookEndpoint,
  CreateWebhookEndpoint,
  RotateWebhookSecret,
  type WebhookDelivery,
  WebhookDeliveryId,
  type WebhookDeliveryPage,
  type WebhookEndpoint,
  WebhookEndpointId,
  type WebhookEndpointPage,
  type WebhookEndpointWithSecret,
} from '@spillway/contracts';
import { customerWebhookSecret, invalidFields } from '@spillway/runtime';
import { json, type Request, type Response, Router } from 'express';
import type * as z from 'zod';
import type { EndpointWithSecret, WebhookEndpoints } from '../../app/webhook-endpoints.ts';
import type { DeliveryStore, EndpointStore } from '../../app/webhook-ports.ts';
import { type EndpointState, endpointView } from '../../domain/webhook-endpoint.ts';
import { callerOf } from './caller.ts';
import { decodeCursor, PageQuery, pageOf } from './cursor.ts';
import { noSuchDelivery, noSuchEndpoint } from './problems.ts';
import { contextOf } from './request-context.ts';

const PATH = '/v1/webhook-endpoints';
const body = json({ limit: '1mb' });

export interface WebhookRouteParts {
  readonly useCases: WebhookEndpoints;
  readonly endpoints: Pick<EndpointStore, 'list'>;
  readonly deliveries: Pick<DeliveryStore, 'find' | 'list'>;
  /** What customers' secrets are made from. */
  readonly secret: string;
}

/** The body, as its schema reads it. */
function bodyOf<S extends z.ZodType>(request: Request, schema: S): z.output<S> {
  const parsed = schema.safeParse(request.body ?? {});
  if (!parsed.success) throw invalidFields(parsed.error, 'body');
  return parsed.data;
}

function pageQueryOf(request: Request, id: z.ZodType<string>) {
  const query = PageQuery.safeParse(request.query);
  if (!query.success) throw invalidFields(query.error, 'query');
  const { limit, cursor } = query.data;
  return { limit, before: decodeCursor(cursor, id) };
}

/** Shown once: kept by no cache. */
function sendWithSecret(
  response: Response<WebhookEndpointWithSecret>,
  { endpoint, secret }: EndpointWithSecret,
): void {
  response.set('cache-control', 'no-store').json({ ...endpointView(endpoint), secret });
}

/** The endpoint of the path; one of another customer's is none. */
async function endpointOf(
  request: Request,
  response: Response,
  { useCases }: WebhookRouteParts,
): Promise<EndpointState> {
  const id = String(request.params.id);
  const isOne = WebhookEndpointId.safeParse(id).success;
  const endpoint = isOne ? await useCases.find(id, callerOf(response)) : null;
  return endpoint ?? gone(id);
}

function gone(id: string): never {
  throw noSuchEndpoint(id);
}

/** Endpoints: create, list, read, change, delete. */
function endpointRoutes(parts: WebhookRouteParts): Router {
  const { useCases, endpoints } = parts;
  const router = Router();
  router.post(PATH, body, async (request, response: Response<WebhookEndpointWithSecret>) => {
    const made = await useCases.create(bodyOf(request, CreateWebhookEndpoint), callerOf(response));
    const { id } = made.endpoint;
    contextOf(response).log.info({ endpointId: id }, 'webhook endpoint made');
    sendWithSecret(response.status(201).location(`${PATH}/${id}`), made);
  });
  router.get(PATH, async (request, response: Response<WebhookEndpointPage>) => {
    const { customer, isAdmin } = callerOf(response);
    const { limit, before } = pageQueryOf(request, WebhookEndpointId);
    const customerId = isAdmin ? null : customer.id;
    const found = await endpoints.list({ customerId, before, limit: limit + 1 });
    const { items, nextCursor } = pageOf(found, limit);
    response.json({ endpoints: items.map(endpointView), nextCursor });
  });
  router.get(`${PATH}/:id`, async (request, response: Response<WebhookEndpoint>) => {
    response.json(endpointView(await endpointOf(request, response, parts)));
  });
  router.patch(`${PATH}/:id`, body, async (request, response: Response<WebhookEndpoint>) => {
    const endpoint = await endpointOf(request, response, parts);
    const changed = await useCases.change(endpoint, bodyOf(request, ChangeWebhookEndpoint));
    response.json(endpointView(changed ?? gone(endpoint.id)));
  });
  router.delete(`${PATH}/:id`, async (request, response) => {
    const endpoint = await endpointOf(request, response, parts);
    await useCases.remove(endpoint);
    contextOf(response).log.info({ endpointId: endpoint.id }, 'webhook endpoint removed');
    response.status(204).end();
  });
  return router;
}

/** Secrets, tests, deliveries. */
function deliveryRoutes(parts: WebhookRouteParts): Router {
  const { useCases, deliveries, secret } = parts;
  const router = Router();
  router.get('/v1/webhook-secret', (_request, response) => {
    const { customer } = callerOf(response);
    const ofCustomer = customerWebhookSecret(secret, customer.id);
    response.set('cache-control', 'no-store').json({ secret: ofCustomer });
  });
  router.post(`${PATH}/:id/rotate-secret`, body, async (request, response) => {
    const endpoint = await endpointOf(request, response, parts);
    const { overlapSeconds } = bodyOf(request, RotateWebhookSecret);
    const rotated = await useCases.rotateSecret(endpoint, overlapSeconds);
    contextOf(response).log.info({ endpointId: endpoint.id }, 'webhook secret rotated');
    sendWithSecret(response, rotated ?? gone(endpoint.id));
  });
  router.post(`${PATH}/:id/test`, async (request, response: Response<WebhookDelivery>) => {
    const endpoint = await endpointOf(request, response, parts);
    const delivery = await useCases.test(endpoint, contextOf(response).trace);
    response.json(delivery ?? gone(endpoint.id));
  });
  router.get(`${PATH}/:id/deliveries`, async (request, response: Response<WebhookDeliveryPage>) => {
    const { id: endpointId } = await endpointOf(request, response, parts);
    const { limit, before } = pageQueryOf(request, WebhookDeliveryId);
    const found = await deliveries.list({ endpointId, before, limit: limit + 1 });
    const { items, nextCursor } = pageOf(found, limit);
    response.json({ deliveries: items, nextCursor });
  });
  router.post(
    `${PATH}/:id/deliveries/:deliveryId/redeliver`,
    async (request, response: Response<WebhookDelivery>) => {
      const endpoint = await endpointOf(request, response, parts);
      const id = String(request.params.deliveryId);
      const delivery = WebhookDeliveryId.safeParse(id).success ? await deliveries.find(id) : null;
      if (delivery?.webhookEndpointId !== endpoint.id) throw noSuchDelivery(id);
      const sent = await useCases.redeliver(endpoint, delivery, contextOf(response).trace);
      response.status(202).json(sent ?? gone(endpoint.id));
    },
  );
  return router;
}

/** Where customers are told of what happens to their orders. */
export const webhookRoutes = (parts: WebhookRouteParts): Router =>
  Router().use(endpointRoutes(parts), deliveryRoutes(parts));
