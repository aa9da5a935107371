import {
  DeadLetterQuery,
  type DeadLetterQueues,
  type DeadLetters,
  RedriveDeadLetters,
  type RedrivenDeadLetters,
  topology,
} from '@spillway/contracts';
import { invalidFields, ProblemError } from '@spillway/runtime';
import { json, type Request, type Response, Router } from 'express';
import type { DeadLetters as DeadLettersUseCase } from '../../app/dead-letters.ts';
import { adminOnly } from './caller.ts';
import { contextOf } from './request-context.ts';

function queueOf(request: Request): string {
  const name = String(request.params.queue);
  if (topology.queues.some((queue) => queue.name === name)) return name;
  throw new ProblemError(404, 'queue-not-found', 'There is no such queue', {
    detail: `No queue ${name}: one of ${topology.queues.map((queue) => queue.name).join(', ')}`,
  });
}

/** Messages that were put aside: for operators. */
export function deadLetterRoutes(letters: DeadLettersUseCase): Router {
  const router = Router();
  const path = '/v1/dead-letters';
  router.get(path, adminOnly, async (_request, response: Response<DeadLetterQueues>) => {
    response.json({ queues: await letters.count() });
  });
  router.get(`${path}/:queue`, adminOnly, async (request, response: Response<DeadLetters>) => {
    const queue = queueOf(request);
    const query = DeadLetterQuery.safeParse(request.query);
    if (!query.success) throw invalidFields(query.error, 'query');
    response.json({ queue, messages: await letters.look(queue, query.data.limit) });
  });
  router.post(
    `${path}/:queue/redrive`,
    adminOnly,
    json({ limit: '10kb' }),
    async (request, response: Response<RedrivenDeadLetters>) => {
      const queue = queueOf(request);
      const body = RedriveDeadLetters.safeParse(request.body ?? {});
      if (!body.success) throw invalidFields(body.error, 'body');
      const redriven = await letters.redrive(queue, body.data.limit);
      contextOf(response).log.info({ queue, redriven }, 'dead letters sent again');
      response.json({ redriven });
    },
  );
  return router;
}
