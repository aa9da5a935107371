import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type RequestHandler, type Response, Router } from 'express';
import type { OrderStore } from '../../app/ports.ts';
import { orderIdOf, readOrThrow } from './order-routes.ts';

const { resolve: pathOfModule } = createRequire(import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(`./play/${name}`, import.meta.url));

/** Everything that the page loads, from this server alone. */
const assets: Readonly<Record<string, string>> = {
  'play.js': pathOf('play.js'),
  'play.css': pathOf('play.css'),
  'hls.min.js': pathOfModule('hls.js/dist/hls.min.js'),
  'hls.worker.js': pathOfModule('hls.js/dist/hls.worker.js'),
};

/** hls.js hands segments to the video as blobs; everything else comes from here. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  next();
};

const send = (response: Response, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    response.sendFile(path, { cacheControl: false, dotfiles: 'allow' }, (error?: Error) =>
      error && !response.destroyed ? reject(error) : resolve(),
    );
  });

/** `/play/{id}`: a page that plays one order, and tells how far it is until then. */
export function playRoutes(store: OrderStore): Router {
  const router = Router();
  for (const [name, path] of Object.entries(assets)) {
    router.get(`/play/assets/${name}`, pageHeaders, (_request, response) => {
      response.set('cache-control', 'public, max-age=3600');
      return send(response, path);
    });
  }
  router.get('/play/:id', pageHeaders, async (request, response) => {
    await readOrThrow(store, orderIdOf(request));
    response.set('cache-control', 'no-cache');
    return send(response, pathOf('page.html'));
  });
  return router;
}
