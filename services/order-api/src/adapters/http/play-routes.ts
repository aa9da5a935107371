import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type RequestHandler, type Response, Router } from 'express';
import { type ViewerParts, viewersOnly } from './viewer.ts';

const { resolve: pathOfModule } = createRequire(import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(`./play/${name}`, import.meta.url));

/** Everything that the page loads, from this server alone. */
const assets: Readonly<Record<string, string>> = {
  'play.js': pathOf('play.js'),
  'play.css': pathOf('play.css'),
  'hls.min.js': pathOfModule('hls.js/dist/hls.min.js'),
  'hls.worker.js': pathOfModule('hls.js/dist/hls.worker.js'),
};

/**
 * hls.js hands segments to the video as blobs, and makes tracks of captions out of data:; pictures and media may come
 * from the CDN at `mediaOrigin`, everything else comes from here.
 */
const contentSecurityPolicy = (mediaOrigin: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: ${mediaOrigin}`,
    `connect-src 'self' ${mediaOrigin}`,
    `media-src 'self' blob: data: ${mediaOrigin}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
    .map((directive) => directive.trimEnd())
    .join('; ');

const pageHeaders = (mediaOrigin: string): RequestHandler => {
  const headers = {
    'content-security-policy': contentSecurityPolicy(mediaOrigin),
    'x-content-type-options': 'nosniff',
    // The page's address may hold a token.
    'referrer-policy': 'no-referrer',
  };
  return (_request, response, next) => {
    response.set(headers);
    next();
  };
};

const send = (response: Response, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    response.sendFile(path, { cacheControl: false, dotfiles: 'allow' }, (error?: Error) =>
      error && !response.destroyed ? reject(error) : resolve(),
    );
  });

export interface PlayRouteParts extends ViewerParts {
  /** Null: the API serves media itself. */
  readonly mediaBaseUrl: string | null;
}

/** `/play/{id}` and `/play/{id}/{token}`: a page that plays one order, and tells how far it is until then. */
export function playRoutes(parts: PlayRouteParts): Router {
  const router = Router();
  const { mediaBaseUrl } = parts;
  const headers = pageHeaders(mediaBaseUrl === null ? '' : new URL(mediaBaseUrl).origin);
  for (const [name, path] of Object.entries(assets)) {
    router.get(`/play/assets/${name}`, headers, (_request, response) => {
      response.set('cache-control', 'public, max-age=3600');
      return send(response, path);
    });
  }
  const guard = viewersOnly(parts);
  for (const path of ['/play/:id', '/play/:id/:token']) {
    router.get(path, headers, guard, (_request, response) => {
      response.set('cache-control', 'no-cache');
      return send(response, pathOf('page.html'));
    });
  }
  return router;
}
