import { CustomerId, type CustomerPage, CustomerSettings } from '@spillway/contracts';
import { invalidFields, ProblemError } from '@spillway/runtime';
import { json, Router } from 'express';
import type * as z from 'zod';
import type { Customers } from '../../app/customers.ts';
import { adminOnly } from './caller.ts';
import { decodeCursor, PageQuery, pageOf } from './cursor.ts';

const noSuchCustomer = (id: string): ProblemError =>
  new ProblemError(404, 'customer-not-found', 'There is no such customer', {
    detail: `No customer ${id}`,
  });

const invalidId = ({ issues }: z.ZodError): ProblemError =>
  new ProblemError(422, 'invalid-path', 'The path is not valid', {
    errors: issues.map(({ message }) => ({ field: 'id', message })),
  });

/** Customers and what operators allow them. */
export function customerRoutes(customers: Customers): Router {
  const router = Router();
  router.get('/v1/customers', adminOnly, async (request, response) => {
    const query = PageQuery.safeParse(request.query);
    if (!query.success) throw invalidFields(query.error, 'query');
    const { limit, cursor } = query.data;
    const after = decodeCursor(cursor, CustomerId);
    const { items, nextCursor } = pageOf(await customers.list({ after, limit: limit + 1 }), limit);
    response.json({ customers: items, nextCursor } satisfies CustomerPage);
  });
  router.get('/v1/customers/:id', adminOnly, async (request, response) => {
    const id = String(request.params.id);
    const customer = CustomerId.safeParse(id).success ? await customers.read(id) : null;
    if (!customer) throw noSuchCustomer(id);
    response.json(customer);
  });
  router.put('/v1/customers/:id', adminOnly, json({ limit: '1mb' }), async (request, response) => {
    const id = CustomerId.safeParse(request.params.id);
    if (!id.success) throw invalidId(id.error);
    const body = CustomerSettings.safeParse(request.body ?? {});
    if (!body.success) throw invalidFields(body.error, 'body');
    response.json(await customers.put(id.data, body.data));
  });
  return router;
}
