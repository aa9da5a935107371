import { EventSourceParserStream } from 'eventsource-parser/stream';
import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.ts';

export type { components, paths } from './schema.ts';

type Schemas = components['schemas'];
export type CreateOrder = Schemas['CreateOrder'];
export type Order = Schemas['Order'];
export type Problem = Schemas['Problem'];
export type Upload = Schemas['Upload'];

export interface ClientOptions {
  /** Of the order API, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Unneeded by a server without keys. */
  readonly apiKey?: string | undefined;
}

/** The API's refusal; the message is its own sentence. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** Null when the answer was none of the API's. */
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null) {
    super(problem ? (problem.detail ?? problem.title) : `The server answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }

  /** What was wrong, to switch on: the last word of the problem's type, for example `order-not-found`. */
  get kind(): string | null {
    return this.problem?.type.split('/').at(-1) ?? null;
  }
}

/** Nobody answers at the address. */
export class UnreachableError extends Error {
  override name = 'UnreachableError';
}

/** The part of an openapi-fetch result that is looked at here. */
interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'type' in body && 'title' in body;

const refusal = (status: number, body: unknown): ApiError =>
  new ApiError(status, isProblem(body) ? body : null);

/** What a response that is no success says. */
export const refusalOf = async (response: Response): Promise<ApiError> =>
  refusal(response.status, await response.json().catch(() => null));

/** The body of a success. Throws `ApiError` for any other answer. */
export async function answered<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw refusal(response.status, error);
  return data as T;
}

/** `fetch` whose failure to reach anyone is told from all other errors. */
const reach = (request: Request): Promise<Response> =>
  fetch(request).catch((cause: unknown) => {
    if (request.signal.aborted) throw cause;
    throw new UnreachableError(`No server answers at ${new URL(request.url).origin}.`, { cause });
  });

/** A line that breaks is an end as well: whoever follows an order looks, and comes again. */
async function* untilBroken<T>(
  stream: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  try {
    yield* stream;
  } catch (error) {
    if (signal?.aborted) throw error;
  }
}

const ENDS: readonly Order['status'][] = ['completed', 'failed', 'canceled', 'timed_out'];
const RECONNECT_MS = 1000;

export interface FollowOptions {
  /** Hears of the order at once, and then of every change. */
  readonly onChange?: (order: Order) => void;
  readonly signal?: AbortSignal;
}

export interface UploadOptions {
  readonly filename?: string;
  readonly signal?: AbortSignal;
}

/** The order API, typed by its own description. Everything throws `ApiError` and `UnreachableError`. */
export class SpillwayClient {
  /** Every operation, by path: `client.api.GET('/v1/orders/{id}', { params: { path: { id } } })`. */
  readonly api: Client<paths>;

  constructor({ url, apiKey }: ClientOptions) {
    const baseUrl = url.replace(/\/+$/, '');
    this.api = createFetchClient<paths>({
      baseUrl,
      fetch: reach,
      ...(apiKey !== undefined && { headers: { authorization: `Bearer ${apiKey}` } }),
    });
  }

  /** Resolves when nothing can lose the order any more. The same key with the same body orders once. */
  placeOrder(body: CreateOrder, idempotencyKey: string = crypto.randomUUID()): Promise<Order> {
    const params = { header: { 'Idempotency-Key': idempotencyKey } };
    return answered(this.api.POST('/v1/orders', { body, params }));
  }

  getOrder(id: string, signal?: AbortSignal): Promise<Order> {
    const params = { path: { id } };
    return answered(this.api.GET('/v1/orders/{id}', { params, ...(signal && { signal }) }));
  }

  /** Follows the order to its end, and resolves with it then; an order that failed is no error. */
  async followOrder(id: string, { onChange, signal }: FollowOptions = {}): Promise<Order> {
    for (;;) {
      const order = await this.#look(id, onChange, signal);
      if (ENDS.includes(order.status)) return order;
      for await (const _event of await this.#events(id, signal)) {
        const changed = await this.#look(id, onChange, signal);
        if (ENDS.includes(changed.status)) return changed;
      }
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }

  /** Uploads a file and resolves with its id, for `source: { uploadId }`. */
  async upload(file: Blob, { filename, signal }: UploadOptions = {}): Promise<string> {
    const body = { bytes: file.size, ...(filename !== undefined && { filename }) };
    const made = this.api.POST('/v1/uploads', { body, ...(signal && { signal }) });
    const { id, url } = await answered(made);
    const put = await reach(
      new Request(url, { method: 'PUT', body: file, ...(signal && { signal }) }),
    );
    if (!put.ok) throw await refusalOf(put);
    return id;
  }

  async #look(
    id: string,
    onChange: FollowOptions['onChange'],
    signal: AbortSignal | undefined,
  ): Promise<Order> {
    const order = await this.getOrder(id, signal);
    onChange?.(order);
    return order;
  }

  async #events(id: string, signal: AbortSignal | undefined): Promise<AsyncIterable<unknown>> {
    const { data, error, response } = await this.api.GET('/v1/orders/{id}/events', {
      params: { path: { id } },
      parseAs: 'stream',
      ...(signal && { signal }),
    });
    if (!response.ok) throw refusal(response.status, error);
    // 204: the order has ended since.
    if (!data) return (async function* () {})();
    const stream = data
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    return untilBroken(stream as unknown as AsyncIterable<unknown>, signal);
  }
}
