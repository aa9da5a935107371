// docker-compose.yml in a project of its own, and what can be done to its containers.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Fault, Service } from './plan.ts';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROJECT = 'spillway-chaos';

export type Profile = 'sqs' | 'amqp';

/** What `docker inspect` tells. */
interface Inspected {
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly State: { readonly Status: string };
  readonly NetworkSettings: {
    readonly Networks: Readonly<
      Record<string, { readonly Aliases: readonly string[] | null; readonly NetworkID: string }>
    >;
  };
}

/** As it was when all was well. */
interface Container {
  readonly name: string;
  readonly service: string;
  /** `aliases`: arguments of `docker network connect`. */
  readonly networks: readonly { readonly network: string; readonly aliases: readonly string[] }[];
}

const containerOf = ({ Name, Config, NetworkSettings }: Inspected): Container => ({
  name: Name.slice(1),
  service: Config.Labels['com.docker.compose.service'] ?? '',
  networks: Object.entries(NetworkSettings.Networks).map(([network, { Aliases }]) => ({
    network,
    aliases: (Aliases ?? []).flatMap((alias) => ['--alias', alias]),
  })),
});

export class Stack {
  readonly url: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #profile: Profile;
  #containers: readonly Container[] = [];

  constructor(profile: Profile, port: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.#profile = profile;
    this.#env = { ...process.env, COMPOSE_PROJECT_NAME: PROJECT, PORT: String(port) };
  }

  /** Of the images that there are; resolves when every container is healthy. */
  async up(): Promise<void> {
    await this.down();
    await this.#docker('compose', '--profile', this.#profile, 'up', '--detach', '--wait');
    const listed = await this.#docker('ps', '--quiet', ...this.#mine);
    const ids = listed.trim().split('\n');
    this.#containers = (await Promise.all(ids.map((id) => this.#inspect(id)))).map(containerOf);
  }

  /** With its data. */
  async down(): Promise<void> {
    await this.#docker('compose', '--profile', '*', 'down', '--volumes', '--timeout', '30');
  }

  /** Does it now. */
  async strike({ blow, service, copy }: Fault): Promise<void> {
    const { name, networks } = this.#containerOf(service, copy);
    if (blow === 'kill') await this.#docker('kill', '--signal', 'KILL', name);
    else if (blow === 'pause') await this.#docker('pause', name);
    else for (const { network } of networks) await this.#cut(network, name);
  }

  /** Undoes it; a part of that may have been done. */
  async heal({ blow, service, copy }: Fault): Promise<void> {
    const { name, networks } = this.#containerOf(service, copy);
    if (blow === 'kill') await this.#docker('start', name);
    else if (blow === 'pause') await this.#docker('unpause', name);
    else {
      for (const { network, aliases } of networks) {
        // One that is connected already would be refused.
        await this.#cut(network, name).catch(() => {});
        await this.#docker('network', 'connect', ...aliases, network, name);
      }
    }
  }

  /** It runs, unfrozen, in all its networks; whether its program is well is another question. */
  async isWell({ service, copy }: Fault): Promise<boolean> {
    const { name, networks } = this.#containerOf(service, copy);
    const { State, NetworkSettings } = await this.#inspect(name);
    const isThere = ({ network }: { network: string }) =>
      (NetworkSettings.Networks[network]?.NetworkID ?? '') !== '';
    return State.Status === 'running' && networks.every(isThere);
  }

  /** Every file in the volume of the object store, from its top. */
  async files(): Promise<string[]> {
    const mount = `${PROJECT}_objects:/data:ro`;
    const find = ['debian:trixie-slim', 'find', '/data', '-type', 'f', '-printf', '%P\\n'];
    const listed = await this.#docker('run', '--rm', '--volume', mount, ...find);
    return listed.split('\n').filter(Boolean);
  }

  get #mine(): string[] {
    return ['--filter', `label=com.docker.compose.project=${PROJECT}`];
  }

  #containerOf(service: Service, copy: number): Container {
    const names =
      this.#profile === 'amqp'
        ? [service === 'broker' ? 'rabbitmq' : `${service}-amqp`, service]
        : [service];
    const mine = this.#containers.filter((running) => names.includes(running.service));
    const container = mine[copy % mine.length];
    if (!container) throw new Error(`no container of ${names.join(' or ')} runs`);
    return container;
  }

  #cut(network: string, name: string): Promise<string> {
    return this.#docker('network', 'disconnect', network, name);
  }

  async #inspect(id: string): Promise<Inspected> {
    const [inspected] = JSON.parse(await this.#docker('inspect', id)) as Inspected[];
    if (!inspected) throw new Error(`there is no container ${id}`);
    return inspected;
  }

  async #docker(...args: string[]): Promise<string> {
    const options = { cwd: ROOT, env: this.#env, maxBuffer: 64 * 1024 ** 2 };
    return (await execute('docker', args, options)).stdout;
  }
}
