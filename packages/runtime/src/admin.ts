import express, { type Express } from 'express';
import type { Registry } from 'prom-client';

/** Resolves when the part can serve; throws with the reason when it cannot. */
export type ReadinessCheck = () => Promise<void>;

export interface AdminParts {
  readonly registry: Registry;
  /** By name of the part, for example `{ database: () => database.query('SELECT 1') }`. */
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
}

/** `/healthz` (the process lives), `/readyz` (its parts answer) and `/metrics`, for a port of their own. */
export function adminApp({ registry, checks }: AdminParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(healthRoutes(checks));
  app.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return app;
}

/** `/healthz` and `/readyz` alone, for the public port. */
export function healthRoutes(checks: AdminParts['checks']): express.Router {
  const router = express.Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const entries = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await check();
          return [name, 'ok'];
        } catch (error) {
          return [name, error instanceof Error ? error.message : String(error)];
        }
      }),
    );
    const ready = entries.every(([, state]) => state === 'ok');
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ok' : 'unavailable', parts: Object.fromEntries(entries) });
  });
  return router;
}
