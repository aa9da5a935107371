import { type Backlog, type ScalingLease, ScalingLeaseRequest } from '@spillway/contracts';
import { invalidFields } from '@spillway/runtime';
import { json, type Response, Router } from 'express';
import type { ReadBacklog } from '../../app/backlog.ts';
import type { AskForScalingLease } from '../../app/ports.ts';
import { adminOnly } from './caller.ts';

export interface ScalingRouteParts {
  readonly readBacklog: ReadBacklog;
  readonly askForScalingLease: AskForScalingLease;
}

/** What an autoscaler needs: for operators. */
export function scalingRoutes({ readBacklog, askForScalingLease }: ScalingRouteParts): Router {
  const router = Router();
  router.get('/v1/backlog', adminOnly, async (_request, response: Response<Backlog>) => {
    response.json(await readBacklog());
  });
  router.put(
    '/v1/scaling-lease',
    adminOnly,
    json({ limit: '10kb' }),
    async (request, response: Response<ScalingLease>) => {
      const body = ScalingLeaseRequest.safeParse(request.body ?? {});
      if (!body.success) throw invalidFields(body.error, 'body');
      response.json(await askForScalingLease(body.data));
    },
  );
  return router;
}
