import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

export interface FakeContainer {
  readonly Id: string;
  readonly name: string;
  readonly created: number;
  /** What it was created with. */
  readonly settings: FakeSettings;
  State: 'created' | 'running' | 'exited';
  Status: string;
}

/** As far as the tests look at them. */
export interface FakeSettings {
  readonly Labels?: Readonly<Record<string, string>>;
  readonly HostConfig?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** The answers of the Docker Engine API that the target asks for, on a socket of its own. */
export class FakeEngine {
  readonly containers = new Map<string, FakeContainer>();
  /** More are refused. */
  most = Number.POSITIVE_INFINITY;
  /** Its connection is cut when the work is done. */
  losesNextStart = false;
  /** As when a disk is busy. */
  removesNothing = false;
  #socketPath = '';
  #folder = '';
  #number = 0;
  #server: Server | null = null;

  get socketPath(): string {
    return this.#socketPath;
  }

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'spillway-engine-'));
    this.#socketPath = join(this.#folder, 'docker.sock');
    const server = createServer(async (request, response) => {
      const [status, body] = await this.#answer(request);
      if (this.losesNextStart && request.url?.endsWith('/start')) {
        this.losesNextStart = false;
        request.socket.destroy();
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === null ? '' : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(this.#socketPath, resolve));
    this.#server = server;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }

  add(name: string, settings: FakeSettings, created = Date.now()): FakeContainer {
    this.#number += 1;
    const Id = this.#number.toString(16).padStart(64, '0').split('').toReversed().join('');
    const container = { Id, name, created, settings, State: 'created', Status: 'Created' } as const;
    this.containers.set(name, { ...container });
    return this.find(name) as FakeContainer;
  }

  find(idOrName: string): FakeContainer | undefined {
    return [...this.containers.values()].find(
      ({ Id, name }) => name === idOrName || Id.startsWith(idOrName),
    );
  }

  async #answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine');
    const [, , id = '', action] = pathname.split('/');
    if (request.method === 'GET' && id === 'json') return [200, this.#list(searchParams)];
    if (id === 'create') {
      return this.#create(searchParams.get('name') ?? '', (await json(request)) as FakeSettings);
    }
    const container = this.find(decodeURIComponent(id));
    if (!container) return [404, { message: `No such container: ${id}` }];
    if (request.method === 'DELETE') return this.#remove(container);
    if (action === 'start') return this.#start(container);
    return [200, inspected(container)];
  }

  #list(query: URLSearchParams): unknown {
    const filters = JSON.parse(query.get('filters') ?? '{}') as Record<string, string[]>;
    return [...this.containers.values()]
      .filter(({ name, settings }) => {
        const labels = Object.entries(settings.Labels ?? {}).map(([key, of]) => `${key}=${of}`);
        const hasLabels = (filters.label ?? []).every((label) => labels.includes(label));
        return hasLabels && (filters.name ?? []).every((of) => new RegExp(of).test(`/${name}`));
      })
      .map(({ Id, name, created, State, Status }) => ({
        ...{ Id, State, Status, Names: [`/${name}`], Created: Math.floor(created / 1000) },
      }));
  }

  #create(name: string, settings: FakeSettings): [number, unknown] {
    if (this.containers.has(name)) return [409, { message: `The name ${name} is in use` }];
    return [201, { Id: this.add(name, settings).Id, Warnings: [] }];
  }

  #start(container: FakeContainer): [number, unknown] {
    if (container.State === 'running') return [304, null];
    const running = [...this.containers.values()].filter(({ State }) => State === 'running');
    if (running.length >= this.most) return [500, { message: 'no space left on device' }];
    container.State = 'running';
    container.Status = 'Up Less than a second (health: starting)';
    return [204, null];
  }

  #remove(container: FakeContainer): [number, unknown] {
    if (container.State === 'running') return [409, { message: 'You cannot remove it' }];
    if (this.removesNothing) return [500, { message: 'device or resource busy' }];
    this.containers.delete(container.name);
    return [204, null];
  }
}

const inspected = ({ Id, name, settings }: FakeContainer) => {
  const { HostConfig = {}, NetworkingConfig: _, ...Config } = settings;
  const Networks = { project_default: { Aliases: ['worker'], IPAddress: '172.18.0.7' } };
  return { Id, Name: `/${name}`, Config, HostConfig, NetworkSettings: { Networks } };
};
