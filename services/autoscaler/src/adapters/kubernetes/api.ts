import { Agent, request } from 'undici';
import * as z from 'zod';

/** How to reach the API of a cluster, and as whom. */
export interface ClusterAccess {
  /** Without a slash at the end. */
  readonly url: string;
  readonly namespace: string;
  /** Certificates in PEM that the API's is checked against; null: those that Node trusts. */
  readonly authority: string | null;
  /** Asked for at every request: tokens are replaced while the program runs. */
  readonly token: () => Promise<string>;
}

/** The API answered, and did not do it. */
export class ApiRefusal extends Error {
  override name = 'ApiRefusal';
  readonly status: number;
  /** In one word of the API, as `AlreadyExists`; empty when somebody else answered. */
  readonly reason: string;

  constructor(what: string, status: number, reason: string, message: string) {
    super(`${what}: ${status} ${reason}: ${message}`);
    this.status = status;
    this.reason = reason;
  }
}

const TIMEOUT_MS = 10_000;

/** How the API says no. */
const Failure = z.object({ reason: z.string().default(''), message: z.string().default('') });

/** The three requests that a target needs, in one namespace. They throw `ApiRefusal`, or what undici throws. */
export class KubernetesApi {
  readonly #access: ClusterAccess;
  readonly #agent: Agent;

  constructor(access: ClusterAccess) {
    this.#access = access;
    const connect = access.authority === null ? {} : { ca: access.authority };
    this.#agent = new Agent({ connect });
  }

  /** `path` as in `batch/v1/jobs/name`, or `v1/pods` of the core group. */
  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.#ask('GET', path, {}));
  }

  /** All of a kind that have the labels (and fields); an empty selection of fields is none. */
  async list<T>(
    path: string,
    item: z.ZodType<T>,
    selected: { readonly labels?: string; readonly fields?: string },
  ): Promise<readonly T[]> {
    const { labels: labelSelector, fields: fieldSelector } = selected;
    const query = {
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
    };
    return z.object({ items: z.array(item) }).parse(await this.#ask('GET', path, query)).items;
  }

  async create(path: string, object: object): Promise<void> {
    await this.#ask('POST', path, {}, JSON.stringify(object));
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #ask(
    method: 'GET' | 'POST',
    path: string,
    query: Record<string, string>,
    body: string | null = null,
  ): Promise<unknown> {
    const { url, namespace, token } = this.#access;
    const [, group = '', resource = ''] = /^((?:[^/]+\/)?v[^/]+)\/(.+)$/.exec(path) ?? [];
    const root = group.includes('/') ? 'apis' : 'api';
    const response = await request(`${url}/${root}/${group}/namespaces/${namespace}/${resource}`, {
      method,
      query,
      body,
      headers: {
        authorization: `Bearer ${await token()}`,
        accept: 'application/json',
        ...(body !== null && { 'content-type': 'application/json' }),
      },
      dispatcher: this.#agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.body.text();
    if (response.statusCode < 300) return JSON.parse(text);
    const { reason, message } = failureOf(text);
    throw new ApiRefusal(`${method} ${path}`, response.statusCode, reason, message);
  }
}

/** What a proxy in between says is no JSON. */
function failureOf(text: string): z.output<typeof Failure> {
  try {
    return Failure.parse(JSON.parse(text));
  } catch {
    return { reason: '', message: text.slice(0, 200) };
  }
}
