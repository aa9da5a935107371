import { orderPrefix, outputFiles } from '@spillway/contracts';
import { ProblemError } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import compression from 'compression';
import { type Request, type RequestHandler, Router } from 'express';
import { earlyPlaylist } from '../../app/early-playlist.ts';
import type { MediaBaseOf } from '../../app/media-base.ts';
import type { OrderStore } from '../../app/ports.ts';
import { isMedia, withMediaAt } from '../../domain/media-addresses.ts';
import { fileOfStream } from '../../domain/stream-files.ts';
import {
  extensionOf,
  isText,
  noSuchFile,
  readText,
  sendObject,
  sendText,
} from './object-response.ts';
import { readOrThrow } from './order-routes.ts';
import { type ViewerParts, viewerOf, viewersOnly } from './viewer.ts';
import { type ViewerEventParts, viewerEvents } from './viewer-events.ts';

/** Any page may play: who may is said by the address. */
const openToPlayers: RequestHandler = (_request, response, next) => {
  response.set({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Content-Length, Content-Range, ETag, Accept-Ranges',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    // The address may hold a token.
    'referrer-policy': 'no-referrer',
  });
  next();
};

const preflight: RequestHandler = (_request, response) => {
  response
    .set({
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-headers': 'Range, If-Range, If-None-Match, Last-Event-ID',
      'access-control-max-age': '86400',
    })
    .status(204)
    .end();
};

/** Media is compressed as it is, and a part of a file is a part of its own bytes. */
const compressTexts = compression({
  filter: (request, { statusCode }) => statusCode === 200 && isText(request.path),
});

/** The object that a path below `/playback/` means; a part that could lead elsewhere means none. */
function nameOf(request: Request): string {
  const parts = [request.params.path ?? []].flat();
  const name = parts.join('/');
  const isPlain = (part: string) => /^[\w.-]+$/.test(part) && part !== '.' && part !== '..';
  if (!parts.every(isPlain)) throw noSuchFile(name);
  return name;
}

export interface PlaybackRouteParts extends ViewerParts, ViewerEventParts {
  readonly store: OrderStore;
  readonly storage: ObjectStore;
  readonly mediaBaseOf: MediaBaseOf;
}

const notReady = (name: string): ProblemError =>
  new ProblemError(404, 'not-ready', 'There is no stream yet', {
    detail: `The order has no ${name === outputFiles.hls ? 'playlist' : 'file'} yet.`,
  });

const outputExpired = (expiredAt: string): ProblemError =>
  new ProblemError(410, 'output-expired', 'The stream is kept no longer', {
    detail: `Its files were removed at ${expiredAt}. Order it again.`,
  });

/** The stream under its lasting address: the finished files, or what plays until they are there. */
function getPlayback(parts: PlaybackRouteParts): RequestHandler {
  const { store, storage, mediaBaseOf } = parts;
  return async (request, response) => {
    const name = nameOf(request);
    const { orderId, token } = viewerOf(response);
    const base = mediaBaseOf(orderId, token);
    const state = await readOrThrow(store, orderId);
    if (state.expiredAt !== null) throw outputExpired(state.expiredAt);
    const key = fileOfStream(state, name);
    if (key && base === null) {
      return sendObject(storage, key, request, response, { isShared: token === null });
    }
    if (isMedia(name)) {
      if (!key) throw notReady(name);
      if (!(await storage.head(key))) throw noSuchFile(name);
      return response.set('cache-control', 'no-cache').redirect(302, `${base}/${key}`);
    }
    const text = key ? await readText(storage, key) : await earlyPlaylist(store, state, name);
    if (text === null) throw notReady(name);
    // What is made early has no object; its addresses are as if it lay where players find it.
    const at = `${base}/${key ?? `${orderPrefix(orderId)}playback/${name}`}`;
    sendText(name, base === null ? text : withMediaAt(at, name, text), request, response);
  };
}

/** Attempts whose files playlists name. Their ids cannot be guessed, so that nobody is asked whose they are. */
const ATTEMPT = /^(encode-chunk|encode-audio|prepare)-\d+-att_\w+$/;
const MEDIA_FILES = new Set(['m4s', 'mp4', 'jpg', 'vtt']);

/** Segments, pictures and captions where their worker put them: beside the playlists, as in the object store. */
const getAttemptFile =
  ({ storage, mediaBaseOf }: PlaybackRouteParts): RequestHandler =>
  async (request, response) => {
    const name = nameOf(request);
    const attempt = String(request.params.attempt);
    if (!ATTEMPT.test(attempt) || !MEDIA_FILES.has(extensionOf(name))) throw noSuchFile(name);
    const { orderId, token } = viewerOf(response);
    if (mediaBaseOf(orderId, token) !== null) {
      throw new ProblemError(404, 'media-elsewhere', 'Media is not served here', {
        detail: 'SPILLWAY_MEDIA_BASE_URL names the server that does; playlists say where.',
      });
    }
    const key = `${orderPrefix(orderId)}${attempt}/${name}`;
    await sendObject(storage, key, request, response, { isShared: token === null });
  };

/** What players fetch of an order, by its address or by one with a token: no key is asked for. */
export function playbackRoutes(parts: PlaybackRouteParts): Router {
  const router = Router();
  const events = viewerEvents(parts);
  const playback = getPlayback(parts);
  const attemptFile = getAttemptFile(parts);
  const guard = viewersOnly(parts);
  for (const [path, handler] of [
    ['/v1/orders/:id/playback/events', events],
    ['/v1/orders/:id/signed/:token/playback/events', events],
    ['/v1/orders/:id/playback/*path', playback],
    ['/v1/orders/:id/signed/:token/playback/*path', playback],
    ['/v1/orders/:id/signed/:token/:attempt/*path', attemptFile],
    ['/v1/orders/:id/:attempt/*path', attemptFile],
  ] as const) {
    router.options(path, openToPlayers, preflight);
    router.get(path, openToPlayers, guard, compressTexts, handler);
  }
  return router;
}
