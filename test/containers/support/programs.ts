// The services' programs as processes, from the sources of a checkout: this one, or an older one.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Of the sources that this test belongs to. */
export const OURS = fileURLToPath(new URL('../../..', import.meta.url));

export interface Program {
  readonly name: string;
  /** Where it listens. */
  readonly url: string;
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface ProgramOptions {
  readonly checkout?: string;
  readonly name?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const READY: Readonly<Record<string, RegExp>> = {
  broker: /ready on (http:[^\s"]+)/,
  'order-api': /"url":"(http:[^"]+)","msg":"order API"/,
  'video-encoder': /"url":"(http:[^"]+)","msg":"admin port"/,
  notifier: /"url":"(http:[^"]+)","msg":"admin port"/,
};

const endOf = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
};

/** The programs of one system, on free ports, their logs in its folder. */
export class System {
  readonly #folder: string;
  readonly #running = new Set<ChildProcess>();
  #shared: Readonly<Record<string, string>>;
  #count = 0;
  brokerUrl = '';

  private constructor(folder: string, databaseUrl: string) {
    this.#folder = folder;
    this.#shared = {
      DATABASE_URL: databaseUrl,
      STORAGE_URL: pathToFileURL(path.join(folder, 'objects')).href,
      SPILLWAY_SECRET: 'a secret of 32 characters or more',
      SPILLWAY_EGRESS_ALLOW: '127.0.0.1',
      SPILLWAY_WORK_DIR: path.join(folder, 'work'),
      SPILLWAY_ADMIN_PORT: '0',
      PORT: '0',
    };
  }

  /** With our broker running. */
  static async open(folder: string, databaseUrl: string): Promise<System> {
    const system = new System(folder, databaseUrl);
    const broker = await system.start('broker', {
      args: ['--port', '0', '--data-dir', path.join(folder, 'broker')],
    });
    system.brokerUrl = broker.url;
    system.#shared = {
      ...system.#shared,
      BROKER_URL: 'sqs:',
      AWS_ENDPOINT_URL_SQS: broker.url,
      AWS_ENDPOINT_URL_SNS: broker.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    return system;
  }

  #run(file: string, name: string, { checkout = OURS, args = [], env = {} }: ProgramOptions) {
    const child = spawn(process.execPath, [path.join(checkout, file), ...args], {
      env: { ...process.env, ...this.#shared, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    const log = createWriteStream(path.join(this.#folder, `${name}.log`));
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    return child;
  }

  /** Resolves when it says that it is ready. */
  async start(service: string, options: ProgramOptions = {}): Promise<Program> {
    const name = options.name ?? `${service}-${++this.#count}`;
    const child = this.#run(`services/${service}/src/main.ts`, name, options);
    for await (const line of createInterface({ input: child.stdout })) {
      const url = READY[service]?.exec(line)?.[1];
      if (!url) continue;
      child.stdout.resume();
      return {
        ...{ name, url },
        kill: async () => void (await endOf(child, 'SIGKILL')),
        stop: () => endOf(child, 'SIGTERM'),
      };
    }
    throw new Error(`${name}: ${await readFile(path.join(this.#folder, `${name}.log`), 'utf8')}`);
  }

  /** Runs the job `migrate`. */
  async migrate(options: ProgramOptions = {}): Promise<{ code: number; said: string }> {
    const child = this.#run('services/order-api/src/migrate.ts', 'migrate', options);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        said += text;
      });
    }
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  }

  /** Kills what still runs. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((child) => endOf(child, 'SIGKILL')));
  }
}
