import { orderPrefix, outputFiles } from '@spillway/contracts';
import { ProblemError } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import compression from 'compression';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { earlyPlaylist } from '../../app/early-playlist.ts';
import type { OrderStore } from '../../app/ports.ts';
import { fileOfStream } from '../../domain/stream-files.ts';
import { extensionOf, isText, noSuchFile, sendObject } from './object-response.ts';
import { orderIdOf, readOrThrow } from './order-routes.ts';

/** Any page may play: the address of an order's stream is its secret until streams are signed. */
const openToPlayers: RequestHandler = (_request, response, next) => {
  response.set({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Content-Length, Content-Range, ETag, Accept-Ranges',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  });
  next();
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

export interface PlaybackRouteParts {
  readonly store: OrderStore;
  readonly storage: ObjectStore;
}

const notReady = (name: string): ProblemError =>
  new ProblemError(404, 'not-ready', 'There is no stream yet', {
    detail: `The order has no ${name === outputFiles.hls ? 'playlist' : 'file'} yet.`,
  });

function sendPlaylist(text: string, response: Response): void {
  response
    .set({ 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'no-cache' })
    .send(Buffer.from(text));
}

/** The stream under its lasting address: the finished files, or what plays until they are there. */
const getPlayback =
  ({ store, storage }: PlaybackRouteParts): RequestHandler =>
  async (request, response) => {
    const name = nameOf(request);
    const state = await readOrThrow(store, orderIdOf(request));
    const key = fileOfStream(state, name);
    if (key) return sendObject(storage, key, request, response);
    const playlist = await earlyPlaylist(store, state, name);
    if (playlist === null) throw notReady(name);
    sendPlaylist(playlist, response);
  };

/** Attempts whose files playlists name. Their ids cannot be guessed, so that nobody is asked whose they are. */
const ATTEMPT = /^encode-(chunk|audio)-\d+-att_\w+$/;
const MEDIA_FILES = new Set(['m4s', 'mp4', 'jpg']);

/** Segments and pictures where their encoder put them: beside the playlists, as in the object store. */
const getAttemptFile =
  ({ storage }: PlaybackRouteParts): RequestHandler =>
  async (request, response) => {
    const name = nameOf(request);
    const attempt = String(request.params.attempt);
    if (!ATTEMPT.test(attempt) || !MEDIA_FILES.has(extensionOf(name))) throw noSuchFile(name);
    const key = `${orderPrefix(orderIdOf(request))}${attempt}/${name}`;
    await sendObject(storage, key, request, response);
  };

/** What players fetch of an order. */
export function playbackRoutes(parts: PlaybackRouteParts): Router {
  const router = Router();
  for (const [path, handler] of [
    ['/v1/orders/:id/playback/*path', getPlayback(parts)],
    ['/v1/orders/:id/:attempt/*path', getAttemptFile(parts)],
  ] as const) {
    router.options(path, openToPlayers, (_request, response) => {
      response
        .set({
          'access-control-allow-methods': 'GET, HEAD, OPTIONS',
          'access-control-allow-headers': 'Range, If-Range, If-None-Match',
          'access-control-max-age': '86400',
        })
        .status(204)
        .end();
    });
    router.get(path, openToPlayers, compressTexts, handler);
  }
  return router;
}
