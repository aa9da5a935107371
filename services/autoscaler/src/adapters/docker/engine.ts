import { Pool } from 'undici';
import * as z from 'zod';

/** The engine's own sentence. */
export class EngineError extends Error {
  override name = 'EngineError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const Listed = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()),
    /** Seconds since 1970. */
    Created: z.number(),
    State: z.string(),
    /** For people: `Up 3 seconds (health: starting)`, `Exited (1) 2 minutes ago`. */
    Status: z.string(),
  }),
);
export type ListedContainer = z.output<typeof Listed>[number];

const Inspected = z.object({
  Config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }),
  HostConfig: z.looseObject({}),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()) }),
});
export type InspectedContainer = z.output<typeof Inspected>;

const Created = z.object({ Id: z.string() });

/** So long may one answer take: an engine that pulls or is busy with many starts is slow. */
const ANSWER_MS = 60_000;

/**
 * The few requests of the Docker Engine API that launching takes. Paths have no version: the engine then speaks its
 * own, and nothing here has changed from 1.24 on. Everything throws `EngineError`, or what the socket says.
 */
export class Engine {
  readonly #pool: Pool;

  constructor(socketPath: string) {
    this.#pool = new Pool('http://engine', {
      socketPath,
      connections: 4,
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    });
  }

  /** Also those that have stopped. */
  async list(filters: Record<string, readonly string[]>): Promise<ListedContainer[]> {
    const query = new URLSearchParams({ all: 'true', filters: JSON.stringify(filters) });
    return Listed.parse(await this.#ask('GET', `/containers/json?${query}`));
  }

  async inspect(name: string): Promise<InspectedContainer> {
    return Inspected.parse(await this.#ask('GET', `/containers/${encodeURIComponent(name)}/json`));
  }

  /** Resolves with its id; of a name that is taken too. */
  async create(name: string, settings: object): Promise<string> {
    const query = new URLSearchParams({ name });
    try {
      return Created.parse(await this.#ask('POST', `/containers/create?${query}`, settings)).Id;
    } catch (error) {
      if (error instanceof EngineError && error.status === 409) return name;
      throw error;
    }
  }

  /** Harmless for one that runs. */
  async start(id: string): Promise<void> {
    await this.#ask('POST', `/containers/${encodeURIComponent(id)}/start`);
  }

  /** With its anonymous volumes; never one that runs. Harmless for one that is gone. */
  async remove(id: string): Promise<void> {
    try {
      await this.#ask('DELETE', `/containers/${encodeURIComponent(id)}?v=true`);
    } catch (error) {
      if (!(error instanceof EngineError && [404, 409].includes(error.status))) throw error;
    }
  }

  async close(): Promise<void> {
    if (!this.#pool.closed) await this.#pool.close();
  }

  async #ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const { statusCode, body: answer } = await this.#pool.request({
      method,
      path,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await answer.text();
    if (statusCode >= 400) throw new EngineError(statusCode, messageOf(text));
    return text === '' ? null : JSON.parse(text);
  }
}

const Refused = z.object({ message: z.string() });

function messageOf(text: string): string {
  try {
    return Refused.parse(JSON.parse(text)).message;
  } catch {
    return text;
  }
}
