import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server under measurement, in a process and a folder of its own. */
export interface Target {
  name: TargetName | 'endpoint';
  url: string;
  pid: number | undefined;
  folder: string;
  /** Ends the process with SIGKILL; the folder stays. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export type TargetName = 'durable' | 'sync-off' | 'fauxqs-sqlite' | 'fauxqs-memory' | 'bare';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const brokerProgram = path('../../services/broker/src/main.ts');
const fauxqsProgram = path('../../node_modules/fauxqs/dist/server.js');
const bareProgram = path('./bare-server.ts');

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

async function command(name: TargetName, folder: string) {
  if (name === 'bare') return { args: [bareProgram], environment: {}, url: undefined };
  if (name === 'durable' || name === 'sync-off') {
    const sync = name === 'durable' ? 'on' : 'off';
    const args = [brokerProgram, '--port', '0', '--data-dir', folder, `--sync=${sync}`];
    return { args, environment: {}, url: undefined };
  }
  const port = String(await freePort());
  const durable = { FAUXQS_DATA_DIR: folder, FAUXQS_PERSISTENCE: 'true' };
  const environment = {
    FAUXQS_PORT: port,
    FAUXQS_HOST: '127.0.0.1',
    FAUXQS_LOGGER: 'false',
    ...(name === 'fauxqs-sqlite' && durable),
  };
  return { args: [fauxqsProgram], environment, url: `http://127.0.0.1:${port}` };
}

/** Starts a target; with `folder` on what an earlier one left there. */
export async function startTarget(name: TargetName, folder?: string): Promise<Target> {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'spillway-bench-')));
  const { args, environment, url } = await command(name, dataDir);
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  });
  const ready = url ? await answering(url, child) : await readyLine(child);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    name,
    url: ready,
    pid: child.pid,
    folder: dataDir,
    kill,
    async stop() {
      await kill();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function readyLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /ready on (http:\S+)/.exec(line)?.[1];
    if (found) return found;
  }
  throw new Error('the server ended before it was ready');
}

async function answering(url: string, child: ChildProcess): Promise<string> {
  while (child.exitCode === null) {
    const up = await fetch(url).catch(() => undefined);
    if (up) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server at ${url} ended before it was ready`);
}
