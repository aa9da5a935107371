import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { JobError } from '@spillway/contracts';
import { backoffSeconds } from '@spillway/runtime';
import type { Lent, PinnedObject } from '../app/ports.ts';

/** A look at an index costs little, a run through the film few requests: each read is twice the last. */
const FIRST_BYTES = 256 * 1024;
const MOST_BYTES = 4 * 1024 * 1024;
const READ_TRIES = 4;
const READ_BACKOFF = { firstSeconds: 0.5, maxSeconds: 4 };

interface Loan {
  readonly object: PinnedObject;
  /** Why a reader got less than it asked for. */
  fault: unknown;
}

/**
 * Lends objects to programs of this machine, by ranges, on loopback and under names that nobody can
 * guess. ffmpeg reads a far object through it, and not by an address of S3: the static builds of npm crash
 * on any host name, a signed address may expire in the middle of a film and would stand in logs and lists of
 * processes, and every read is sure to be of the object that was accepted.
 */
export class ObjectServer {
  readonly #loans = new Map<string, Loan>();
  #started: Promise<Server> | null = null;

  async lend(object: PinnedObject): Promise<Lent> {
    this.#started ??= start((request, response) => void this.#answer(request, response));
    const { port } = (await this.#started).address() as AddressInfo;
    const path = `/${randomUUID()}`;
    const loan: Loan = { object, fault: null };
    this.#loans.set(path, loan);
    return {
      address: `http://127.0.0.1:${port}${path}`,
      fault: () => loan.fault,
      close: () => void this.#loans.delete(path),
    };
  }

  async close(): Promise<void> {
    const server = await this.#started;
    server?.closeAllConnections();
    server?.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const loan = this.#loans.get(request.url ?? '');
    if (!loan || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    const { bytes } = loan.object;
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from ?? 0);
    const end = Math.min(bytes - 1, to ? Number(to) : bytes - 1);
    if (start > end) {
      response.writeHead(416, { 'content-range': `bytes */${bytes}` }).end();
      return;
    }
    response.writeHead(from === undefined ? 200 : 206, {
      'accept-ranges': 'bytes',
      'content-length': end - start + 1,
      ...(from !== undefined && { 'content-range': `bytes ${start}-${end}/${bytes}` }),
    });
    try {
      await send(loan.object, response, start, end);
    } catch (error) {
      // Who has gone, as at every seek, got all that it wanted.
      if (!response.destroyed) loan.fault ??= error;
      response.destroy();
    }
  }
}

/** Until the end, or until the reader goes: it does so at every seek. */
async function send(
  object: PinnedObject,
  response: ServerResponse,
  start: number,
  end: number,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let most = FIRST_BYTES;
  for (
    let next = start;
    next <= end && !gone.signal.aborted;
    most = Math.min(most * 2, MOST_BYTES)
  ) {
    const last = Math.min(end, next + most - 1);
    const bytes = await readPatiently(object, next, last);
    next += bytes.length;
    if (response.write(bytes)) continue;
    await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
  }
  response.end();
}

/** A connection that breaks is no reason to begin an encode of an hour again. */
async function readPatiently(object: PinnedObject, start: number, end: number): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await object.read(start, end);
    } catch (error) {
      const isFinal = error instanceof JobError && !error.retryable;
      if (isFinal || attempt === READ_TRIES) throw error;
      await wait(backoffSeconds(READ_BACKOFF, attempt) * 1000);
    }
  }
}

async function start(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The worker's own work keeps the program alive.
  server.unref();
  return server;
}
