import type { PresetList } from '@spillway/contracts';
import { type Response, Router } from 'express';
import type { Presets } from '../../domain/outputs.ts';

/** What `outputs.preset` of an order may name. */
export function presetRoutes(presets: Presets): Router {
  const router = Router();
  router.get('/v1/presets', (_request, response: Response<PresetList>) => {
    response.json({ presets: [...presets.values()] });
  });
  return router;
}
