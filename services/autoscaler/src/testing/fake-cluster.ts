import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface FakeJob {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly spec: { readonly template: object };
  status?: Record<string, unknown>;
}

/** The requests of a target as the API of Kubernetes answers them, in one namespace, and faults on demand. */
export class FakeCluster {
  readonly namespace = 'spillway';
  token = 'first';
  /** What a CronJob's `spec.jobTemplate` holds, by the CronJob's name. */
  readonly templates = new Map<string, object>();
  readonly jobs = new Map<string, FakeJob>();
  pods: object[] = [];
  events: object[] = [];
  /** As a ResourceQuota on `count/jobs.batch`. */
  jobLimit = Number.POSITIVE_INFINITY;
  /** Answers of the next requests that make a Job, before it is made; 0: it is made and the connection breaks. */
  readonly planted: number[] = [];
  /** Method and path of each request. */
  readonly asked: string[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A Job that somebody else made. */
  addJob(name: string, labels: Record<string, string>, status: Record<string, unknown>): void {
    this.#keep({ metadata: { name, labels }, spec: { template: {} }, status });
  }

  setStatus(name: string, status: Record<string, unknown>): void {
    const job = this.jobs.get(name);
    if (!job) throw new Error(`no Job ${name}`);
    job.status = { ...job.status, ...status };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://fake');
    this.asked.push(`${request.method} ${url.pathname}`);
    const reply = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const refuse = (code: number, reason: string, message: string) =>
      reply(code, { kind: 'Status', status: 'Failure', code, reason, message });
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      return refuse(401, 'Unauthorized', 'Unauthorized');
    }
    const [, group, resource, name] =
      /^\/(apis\/batch\/v1|api\/v1)\/namespaces\/spillway\/(\w+)(?:\/([\w-]+))?$/.exec(
        url.pathname,
      ) ?? [];
    if (request.method === 'POST' && group === 'apis/batch/v1' && resource === 'jobs') {
      const planted = this.planted.shift();
      if (planted) return refuse(planted, planted === 429 ? 'TooManyRequests' : '', 'planted');
      const answer = this.#make((await json(request)) as FakeJob);
      if (planted === 0) return void response.destroy();
      return reply(...answer);
    }
    if (resource === 'cronjobs' && name && this.templates.has(name)) {
      return reply(200, { spec: { jobTemplate: this.templates.get(name) } });
    }
    if (resource === 'jobs' && !name) return reply(200, { items: this.#selected(url) });
    if (resource === 'pods') return reply(200, { items: this.pods });
    if (resource === 'events') return reply(200, { items: this.events });
    return refuse(404, 'NotFound', `no ${url.pathname}`);
  }

  #make(job: FakeJob): [number, object] {
    const { name } = job.metadata;
    const status = 'Failure';
    if (this.jobs.has(name)) {
      return [
        409,
        { status, reason: 'AlreadyExists', message: `jobs.batch "${name}" already exists` },
      ];
    }
    if (this.jobs.size >= this.jobLimit) {
      const message = `jobs.batch "${name}" is forbidden: exceeded quota: jobs, requested: count/jobs.batch=1`;
      return [403, { status, reason: 'Forbidden', message }];
    }
    const made = this.#keep(job);
    return [201, made];
  }

  #keep(job: FakeJob): FakeJob {
    // As the API does: whole seconds.
    const creationTimestamp = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const kept = {
      ...job,
      metadata: { ...job.metadata, creationTimestamp },
      status: job.status ?? {},
    };
    this.jobs.set(job.metadata.name, kept);
    return kept;
  }

  #selected(url: URL): object[] {
    const [label = '', value = ''] = url.searchParams.get('labelSelector')?.split('=') ?? [];
    const unsuccessful = url.searchParams.get('fieldSelector') === 'status.successful=0';
    return [...this.jobs.values()].filter(
      ({ metadata, status }) =>
        metadata.labels[label] === value && !(unsuccessful && status?.succeeded === 1),
    );
  }
}
