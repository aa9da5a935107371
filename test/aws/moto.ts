import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const here = import.meta.dirname;
const root = join(here, '../..');
export const binary = (name: string): string => join(here, '.venv/bin', name);

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

export const run = (
  file: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(file, args, { cwd: root, env: { ...process.env, ...env } }, (error, out, said) =>
      resolve({ code: Number(error?.code ?? 0), out, said }),
    );
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export interface Moto {
  readonly url: string;
  /** What tells the SDK to speak to it. */
  readonly environment: Record<string, string>;
  /** How tasks of ECS go on: a step at every look, or not at all. */
  tasksMoveOn(does: boolean): Promise<void>;
  close(): Promise<void>;
}

async function untilUp(url: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const answer = await fetch(`${url}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(100);
  }
  throw new Error(`moto ended with ${server.exitCode}`);
}

/** An AWS with nothing in it but a default network. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(binary('python'), [join(here, 'server.py'), String(port)], {
    stdio: 'ignore',
  });
  await untilUp(url, server);
  return {
    url,
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    async tasksMoveOn(does) {
      const transition = does
        ? { progression: 'manual', times: 1 }
        : { progression: 'time', seconds: 86_400 };
      await fetch(`${url}/moto-api/state-manager/set-transition`, {
        method: 'POST',
        body: JSON.stringify({ model_name: 'ecs::task', transition }),
      });
    },
    async close() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}
