import { type ApiKey, ApiKeyId, type ApiKeyPage, CreateApiKey } from '@spillway/contracts';
import { invalidFields, ProblemError } from '@spillway/runtime';
import { json, Router } from 'express';
import type { ApiKeys } from '../../app/api-keys.ts';
import { adminOnly } from './caller.ts';
import { decodeCursor, PageQuery, pageOf } from './cursor.ts';
import { contextOf } from './request-context.ts';

const noSuchKey = (id: string): ProblemError =>
  new ProblemError(404, 'key-not-found', 'There is no such key', { detail: `No key ${id}` });

const viewOf = ({ id, customerId, hint, createdAt, revokedAt }: ApiKey): ApiKey => ({
  ...{ id, customerId, hint, createdAt, revokedAt },
});

/** API keys: made, listed, revoked by operators. */
export function keyRoutes(keys: ApiKeys): Router {
  const router = Router();
  router.post('/v1/keys', adminOnly, json({ limit: '10kb' }), async (request, response) => {
    const body = CreateApiKey.safeParse(request.body ?? {});
    if (!body.success) throw invalidFields(body.error, 'body');
    const { key, stored } = await keys.create(body.data.customerId ?? null);
    contextOf(response).log.info(
      { keyId: stored.id, customerId: stored.customerId },
      'API key made',
    );
    response
      .status(201)
      .set('cache-control', 'no-store')
      .json({ ...viewOf(stored), key });
  });
  router.get('/v1/keys', adminOnly, async (request, response) => {
    const query = PageQuery.safeParse(request.query);
    if (!query.success) throw invalidFields(query.error, 'query');
    const { limit, cursor } = query.data;
    const after = decodeCursor(cursor, ApiKeyId);
    const { items, nextCursor } = pageOf(await keys.list({ after, limit: limit + 1 }), limit);
    response.json({ keys: items, nextCursor } satisfies ApiKeyPage);
  });
  router.delete('/v1/keys/:id', adminOnly, async (request, response) => {
    const id = String(request.params.id);
    const isFound = ApiKeyId.safeParse(id).success && (await keys.revoke(id));
    if (!isFound) throw noSuchKey(id);
    contextOf(response).log.info({ keyId: id }, 'API key revoked');
    response.status(204).end();
  });
  return router;
}
