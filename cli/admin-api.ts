import { Problem } from '@spillway/contracts';
import type * as z from 'zod';
import type { CliConfig } from './config.ts';

/** What a command cannot do; the message is for whoever typed it. */
export class CommandError extends Error {
  override name = 'CommandError';
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The API as its operator. Throws `CommandError`. */
export interface AdminApi {
  ask<S extends z.ZodType>(
    schema: S,
    method: Method,
    path: string,
    body?: unknown,
  ): Promise<z.output<S>>;
}

/** What an answer that is no success says. */
async function refusal(response: Response): Promise<CommandError> {
  const problem = Problem.safeParse(await response.json().catch(() => null));
  if (!problem.success) return new CommandError(`The server answered ${response.status}.`);
  const { title, detail } = problem.data;
  return new CommandError(detail === undefined ? title : `${title}: ${detail}`);
}

export const adminApi = ({ url, adminKey }: CliConfig): AdminApi => ({
  async ask(schema, method, path, body) {
    const request = fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await request.catch((error: unknown) => {
      throw new CommandError(
        `No server answers at ${url}: start it (npm start), or set SPILLWAY_URL.`,
        { cause: error },
      );
    });
    if (!response.ok) throw await refusal(response);
    return schema.parse(response.status === 204 ? undefined : await response.json());
  },
});

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Every page of a list, one after the other. */
export async function allOf<T>(read: (query: string) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  for (let query = '?limit=100'; ; ) {
    const { items, nextCursor } = await read(query);
    found.push(...items);
    if (nextCursor === null) return found;
    query = `?limit=100&cursor=${encodeURIComponent(nextCursor)}`;
  }
}
