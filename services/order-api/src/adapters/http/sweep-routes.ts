import { type SweepReport, SweepRequest } from '@spillway/contracts';
import { invalidFields } from '@spillway/runtime';
import { json, type Response, Router } from 'express';
import type { Sweeper } from '../../app/sweeper.ts';
import { adminOnly } from './caller.ts';
import { contextOf } from './request-context.ts';

/** A sweep by hand: for operators. */
export function sweepRoutes(sweeper: Pick<Sweeper, 'sweep'>): Router {
  const router = Router();
  router.post(
    '/v1/sweep',
    adminOnly,
    json({ limit: '10kb' }),
    async (request, response: Response<SweepReport>) => {
      const body = SweepRequest.safeParse(request.body ?? {});
      if (!body.success) throw invalidFields(body.error, 'body');
      const report = await sweeper.sweep(body.data.dryRun);
      contextOf(response).log.info({ report }, 'swept by hand');
      response.json(report);
    },
  );
  return router;
}
