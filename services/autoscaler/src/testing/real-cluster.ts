import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Agent, request as forward } from 'undici';
import { parseAllDocuments, stringify } from 'yaml';
import * as z from 'zod';
import type { ClusterAccess } from '../adapters/kubernetes/api.ts';

const MANIFESTS = join(import.meta.dirname, '../../../../k8s/overlays/local');
/** What the autoscaler itself has to do with. */
const KINDS = new Set(['ServiceAccount', 'Role', 'RoleBinding', 'CronJob']);

const Shown = z.object({
  clusters: z.tuple([
    z.object({
      cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }),
    }),
  ]),
});

/** A namespace of a real cluster with our Role and our template in it, and `kubectl` as its administrator. */
export class RealCluster {
  readonly namespace = `spillway-test-${randomBytes(4).toString('hex')}`;
  readonly #kubeconfig: string;

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
  }

  /** Answers the access of the autoscaler's own service account. */
  async open(): Promise<ClusterAccess> {
    await this.kubectl(['create', 'namespace', this.namespace]);
    const rendered = await this.kubectl(['kustomize', MANIFESTS]);
    const ours = parseAllDocuments(rendered)
      .map((document) => document.toJS())
      .filter(({ kind }) => KINDS.has(kind));
    for (const object of ours) object.metadata.namespace = this.namespace;
    for (const { subjects = [] } of ours) {
      for (const subject of subjects) subject.namespace = this.namespace;
    }
    await this.kubectl(['apply', '-f', '-'], ours.map((one) => stringify(one)).join('---\n'));
    const view = ['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'];
    const [{ cluster }] = Shown.parse(JSON.parse(await this.kubectl(view))).clusters;
    const token = (await this.#inNamespace('create', 'token', 'autoscaler')).trim();
    return {
      url: cluster.server,
      namespace: this.namespace,
      authority: Buffer.from(cluster['certificate-authority-data'], 'base64').toString(),
      token: async () => token,
    };
  }

  /** Of a resource as quotas name it: `count/jobs.batch`, `pods`. */
  async limitTo(resource: string, most: number): Promise<void> {
    await this.#inNamespace('create', 'quota', 'limit', `--hard=${resource}=${most}`);
    await this.#wait('quota/limit', 'jsonpath={.status.hard}');
  }

  /** Until the cluster says of a Job that it makes no pod of it. */
  async noPod(): Promise<void> {
    const events = ['get', 'events', '--field-selector=reason=FailedCreate', '-o', 'name'];
    const until = Date.now() + 30_000;
    while ((await this.#inNamespace(...events)) === '') {
      if (Date.now() > until) throw new Error('the cluster makes its pods');
    }
  }

  /** Until the cluster says of a Job's pod that no node takes it. */
  async unschedulable(job: string): Promise<void> {
    await this.#wait(`job/${job}`, 'jsonpath={.status.active}=1');
    const pod = ['pod', '-l', `batch.kubernetes.io/job-name=${job}`];
    await this.#inNamespace('wait', ...pod, '--for=condition=PodScheduled=false', '--timeout=30s');
  }

  async becomeReady(job: string): Promise<void> {
    const conditions = [{ type: 'Ready', status: 'True' }];
    await this.#setPod(job, { phase: 'Running', conditions });
    await this.#wait(`job/${job}`, 'jsonpath={.status.ready}=1');
  }

  async leave(job: string): Promise<void> {
    await this.#setPod(job, { phase: 'Succeeded' });
    await this.#wait(`job/${job}`, 'condition=complete');
  }

  async fail(job: string): Promise<void> {
    await this.#setPod(job, { phase: 'Failed' });
    await this.#wait(`job/${job}`, 'condition=failed');
  }

  async close(): Promise<void> {
    await this.kubectl(['delete', 'namespace', this.namespace, '--wait=false']);
  }

  kubectl(args: readonly string[], input?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(
        'kubectl',
        ['--kubeconfig', this.#kubeconfig, ...args],
        { maxBuffer: 32 * 1024 ** 2 },
        (error, output) => (error ? reject(error) : resolve(output)),
      );
      child.stdin?.end(input);
    });
  }

  #inNamespace(...args: string[]): Promise<string> {
    return this.kubectl(['-n', this.namespace, ...args]);
  }

  async #wait(what: string, state: string): Promise<void> {
    await this.#inNamespace('wait', what, `--for=${state}`, '--timeout=30s');
  }

  /** What a node would say of it. */
  async #setPod(job: string, status: object): Promise<void> {
    await this.#wait(`job/${job}`, 'jsonpath={.status.active}=1');
    const selected = `batch.kubernetes.io/job-name=${job}`;
    const pod = (await this.#inNamespace('get', 'pods', '-l', selected, '-o', 'name')).trim();
    const patch = JSON.stringify({ status });
    await this.#inNamespace('patch', pod, '--subresource=status', '--type=merge', '-p', patch);
  }
}

/** Stands before the API; may lose the answer to a request that changes something. */
export class LossyProxy {
  loseNext = false;
  readonly #access: ClusterAccess;
  readonly #agent: Agent;
  readonly #server = createServer((request, response) => void this.#pass(request, response));

  constructor(access: ClusterAccess) {
    this.#access = access;
    this.#agent = new Agent({ connect: { ca: access.authority ?? '' } });
  }

  async start(): Promise<ClusterAccess> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return { ...this.#access, url: `http://127.0.0.1:${port}`, authority: null };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#agent.close();
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method === 'POST' ? 'POST' : 'GET';
    const body = await buffer(request);
    const answer = await forward(`${this.#access.url}${request.url}`, {
      method,
      body: method === 'POST' ? body : null,
      headers: {
        authorization: request.headers.authorization ?? '',
        'content-type': 'application/json',
      },
      dispatcher: this.#agent,
    });
    const text = await answer.body.text();
    if (this.loseNext && method === 'POST') {
      this.loseNext = false;
      response.destroy();
    } else response.writeHead(answer.statusCode).end(text);
  }
}
