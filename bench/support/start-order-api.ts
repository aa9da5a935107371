import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface OrderApiProcess {
  readonly pid: number;
  readonly url: string;
  /** For SQS and SNS clients. */
  readonly brokerUrl: string;
  /** Address of the object store. */
  readonly objects: string;
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Starts order-api.ts, which has no workers; `args` are its own. */
export async function startOrderApiProcess(...args: string[]): Promise<OrderApiProcess> {
  const program = fileURLToPath(new URL('./order-api.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const found = /^ready on (\S+), broker on (\S+), objects in (\S+)$/.exec(line);
  const [, url = '', brokerUrl = '', objects = ''] = found ?? [];
  if (!found) throw new Error(`the order API said: ${line}`);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    ...{ pid: child.pid ?? 0, url, brokerUrl, objects },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
