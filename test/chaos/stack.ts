// docker-compose.yml in a project of its own, and what can be done to its containers.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Fault, Service } from './plan.ts';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** As docker-compose.yml has it. */
export const LOCAL_KEY = 'local-only-admin-key-of-a-public-file';
const PROJECT = 'spillway-chaos';

export type Profile = 'sqs' | 'amqp';

interface Container {
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly Aliases: readonly string[] | null }>>;
  };
}

/** Undoes a fault. */
export type Heal = () => Promise<void>;

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
    const inspected = await this.#docker('inspect', ...listed.trim().split('\n'));
    this.#containers = JSON.parse(inspected) as Container[];
  }

  /** With its data. */
  async down(): Promise<void> {
    await this.#docker('compose', '--profile', '*', 'down', '--volumes', '--timeout', '30');
  }

  /** Does it now. */
  async strike({ blow, service, copy }: Fault): Promise<Heal> {
    const { Name, NetworkSettings } = this.#containerOf(service, copy);
    const name = Name.slice(1);
    const docker = (...args: string[]) => this.#docker(...args);
    switch (blow) {
      case 'kill':
        await docker('kill', '--signal', 'KILL', name);
        return async () => void (await docker('start', name));
      case 'pause':
        await docker('pause', name);
        return async () => void (await docker('unpause', name));
      case 'cut': {
        const networks = Object.entries(NetworkSettings.Networks);
        for (const [network] of networks) await docker('network', 'disconnect', network, name);
        return async () => {
          for (const [network, { Aliases }] of networks) {
            const aliases = (Aliases ?? []).flatMap((alias) => ['--alias', alias]);
            await docker('network', 'connect', ...aliases, network, name);
          }
        };
      }
    }
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
    const mine = this.#containers.filter(({ Config }) =>
      names.includes(Config.Labels['com.docker.compose.service'] ?? ''),
    );
    const container = mine[copy % mine.length];
    if (!container) throw new Error(`no container of ${names.join(' or ')} runs`);
    return container;
  }

  async #docker(...args: string[]): Promise<string> {
    const options = { cwd: ROOT, env: this.#env, maxBuffer: 64 * 1024 ** 2 };
    return (await execute('docker', args, options)).stdout;
  }
}
