import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ProblemError } from '@spillway/runtime';
import {
  type ByteRange,
  contentTypeOf,
  type ObjectInfo,
  type ObjectStore,
  StorageError,
} from '@spillway/storage';
import type { Request, Response } from 'express';
import parseRange from 'range-parser';

/** What says which segments there are may change; the segments never do. */
const LISTS = new Set(['m3u8', 'mpd', 'json']);
/** Sent compressed where the client can: a film's manifest shrinks to a twentieth. */
const TEXTS = new Set([...LISTS, 'vtt']);
const FOR_EVER = 'max-age=31536000, immutable';

export const extensionOf = (name: string): string =>
  name.slice(name.lastIndexOf('.') + 1).toLowerCase();

export const isText = (name: string): boolean => TEXTS.has(extensionOf(name));

export const noSuchFile = (name: string): ProblemError =>
  new ProblemError(404, 'file-not-found', 'There is no such file', { detail: `No file ${name}` });

/** RFC 9110, 13.1.2. */
function hasTag(request: Request, etag: string): boolean {
  const tags = request.get('if-none-match') ?? '';
  return (
    tags === '*' || tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${etag}"`)
  );
}

/**
 * RFC 9110, 13.1.2 and 13.1.3. Express's own check goes by the request's Cache-Control as well, which
 * `fetch` sets whenever it is given a condition.
 */
function clientHas(request: Request, { etag, modifiedAt }: ObjectInfo): boolean {
  if (request.get('if-none-match') !== undefined) return hasTag(request, etag);
  const since = Date.parse(request.get('if-modified-since') ?? '');
  return Math.floor(modifiedAt.getTime() / 1000) * 1000 <= since;
}

/** RFC 9110, 13.1.5: a range of another version of the file is no range. */
function rangeStillHolds(request: Request, { etag, modifiedAt }: ObjectInfo): boolean {
  const condition = request.get('if-range');
  if (condition === undefined) return true;
  if (condition.startsWith('"')) return condition === `"${etag}"`;
  return Date.parse(condition) === Math.floor(modifiedAt.getTime() / 1000) * 1000;
}

/** Null for the whole file: also for several ranges at once, which a server may answer with it. */
function rangeOf(request: Request, info: ObjectInfo): ByteRange | null {
  const header = request.get('range');
  if (header === undefined || !rangeStillHolds(request, info)) return null;
  const ranges = parseRange(info.bytes, header, { combine: true });
  if (ranges === -1) {
    throw new ProblemError(416, 'range-not-satisfiable', 'The file has no such bytes', {
      headers: { 'content-range': `bytes */${info.bytes}` },
    });
  }
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null;
  return ranges[0] ?? null;
}

const fileNameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

/** Removed since the look. */
const goneAs404 =
  (key: string) =>
  (error: unknown): never => {
    const isGone = error instanceof StorageError && error.code === 'not_found';
    throw isGone ? noSuchFile(fileNameOf(key)) : error;
  };

/** The whole object. A 404 when it is not there. */
export const readText = async (storage: ObjectStore, key: string): Promise<string> =>
  text((await storage.get(key).catch(goneAs404(key))).body);

/** Answers with a text that is no object as it is. */
export function sendText(name: string, body: string, request: Request, response: Response): void {
  const etag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  response.set({
    'content-type': contentTypeOf(name),
    'cache-control': 'no-cache',
    etag: `W/"${etag}"`,
  });
  if (hasTag(request, etag)) return void response.status(304).end();
  response.send(Buffer.from(body));
}

/** `isShared`: caches on the way may keep it for others. */
function headersOf(
  { key, etag, modifiedAt }: ObjectInfo,
  isShared: boolean,
): Record<string, string> {
  return {
    'content-type': contentTypeOf(key),
    'cache-control': LISTS.has(extensionOf(key))
      ? 'no-cache'
      : `${isShared ? 'public' : 'private'}, ${FOR_EVER}`,
    'accept-ranges': 'bytes',
    // Weak where the bytes may come compressed or not: RFC 9110, 8.8.3.3.
    etag: `${isText(key) ? 'W/' : ''}"${etag}"`,
    'last-modified': modifiedAt.toUTCString(),
  };
}

/**
 * Answers with an object, or what the client asked for of it. A 404 when it is not there. `isShared`: as
 * in `headersOf`.
 */
export async function sendObject(
  storage: ObjectStore,
  key: string,
  request: Request,
  response: Response,
  { isShared }: { isShared: boolean },
): Promise<void> {
  const name = fileNameOf(key);
  const info = await storage.head(key);
  if (!info) throw noSuchFile(name);
  const headers = headersOf(info, isShared);
  if (clientHas(request, info)) return void response.set(headers).status(304).end();
  const range = rangeOf(request, info);
  const hasBody = request.method !== 'HEAD' && info.bytes > 0;
  const found = hasBody ? await storage.get(key, range ?? undefined).catch(goneAs404(key)) : null;
  // Only now: a refusal must not be kept for as long as the object may be.
  response.set({
    ...headers,
    'content-length': String(range ? range.end - range.start + 1 : info.bytes),
  });
  if (range) {
    response.status(206).set('content-range', `bytes ${range.start}-${range.end}/${info.bytes}`);
  }
  if (!found) return void response.end();
  // A viewer who goes away in the middle is no failure of ours.
  await pipeline(found.body, response).catch((error: unknown) => {
    if (!response.destroyed) throw error;
  });
}
