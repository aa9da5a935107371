// The services' programs as processes, from the sources of a checkout: this one, or an older one.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
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

/** Runs the job `migrate` with a `DATABASE_URL`; how it ended, and what it said. */
export async function runMigrate({
  checkout = OURS,
  env,
}: Pick<ProgramOptions, 'checkout' | 'env'>): Promise<{ code: number; said: string }> {
  const file = path.join(checkout, 'services/order-api/src/migrate.ts');
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

/** The programs of one system, on free ports, their logs in its folder. */
export class System {
  readonly #folder: string;
  readonly #running = new Set<ChildProcess>();
  #shared: Readonly<Record<string, string>>;
  #count = 0;
  #broker: Program | null = null;
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

  /** With our broker running, of this version or of the checkout's. */
  static async open(folder: string, databaseUrl: string, checkout = OURS): Promise<System> {
    const system = new System(folder, databaseUrl);
    await system.#startBroker(checkout);
    return system;
  }

  async #startBroker(checkout: string): Promise<void> {
    const port = this.brokerUrl === '' ? '0' : new URL(this.brokerUrl).port;
    const dataDir = path.join(this.#folder, 'broker');
    const args = ['--port', port, '--data-dir', dataDir];
    this.#broker = await this.start('broker', { checkout, args });
    this.brokerUrl = this.#broker.url;
    this.#shared = {
      ...this.#shared,
      BROKER_URL: 'sqs:',
      AWS_ENDPOINT_URL_SQS: this.brokerUrl,
      AWS_ENDPOINT_URL_SNS: this.brokerUrl,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
  }

  /** On the same port and data, maybe as another version. */
  async restartBroker(checkout: string): Promise<void> {
    await this.#broker?.stop();
    await this.#startBroker(checkout);
  }

  #run(file: string, name: string, { checkout = OURS, args = [], env = {} }: ProgramOptions) {
    const child = spawn(process.execPath, [path.join(checkout, file), ...args], {
      env: { ...process.env, ...this.#shared, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    const log = createWriteStream(path.join(this.#folder, `${name}.log`));
    // The end of one of them would end the log, and what the other says after it would be an error.
    for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
    child.once('close', () => log.end());
    return child;
  }

  /** Resolves when it says that it is ready. */
  async start(service: string, options: ProgramOptions = {}): Promise<Program> {
    const name = options.name ?? `${service}-${++this.#count}`;
    const child = this.#run(`services/${service}/src/main.ts`, name, options);
    const url = await this.#urlOf(child, READY[service] ?? /^$/);
    if (url === null) {
      const log = await readFile(path.join(this.#folder, `${name}.log`), 'utf8');
      throw new Error(`${name} did not start: ${log}`);
    }
    return {
      ...{ name, url },
      kill: async () => void (await endOf(child, 'SIGKILL')),
      stop: () => endOf(child, 'SIGTERM'),
    };
  }

  /** Where it says that it listens; null when it ends without. */
  #urlOf(child: ChildProcess, ready: RegExp): Promise<string | null> {
    return new Promise((resolve) => {
      let said: string | null = '';
      child.stdout?.on('data', (text) => {
        if (said === null) return;
        said += text;
        const url = ready.exec(said)?.[1];
        if (!url) return;
        said = null;
        resolve(url);
      });
      child.once('close', () => resolve(null));
    });
  }

  /** Runs the job `migrate`. */
  migrate(checkout = OURS): ReturnType<typeof runMigrate> {
    return runMigrate({ checkout, env: this.#shared });
  }

  /** Kills what still runs. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((child) => endOf(child, 'SIGKILL')));
  }
}
