import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.ts';
import { Ledger } from './ledger.ts';
import { Load, queues, visibilitySeconds } from './load.ts';

/** What a crash test found. */
export interface CrashReport {
  rounds: number;
  answeredSends: number;
  answeredRemovals: number;
  drained: number;
  problems: string[];
}

interface Running {
  child: ChildProcess;
  client: Client;
}

const killAfterMilliseconds = { least: 100, most: 500 };

async function startChild(folder: string): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { child, client: new Client(String(line).trim()) };
}

/** Kills a broker under load again and again, then empties it and compares with what it answered. */
export async function crashRounds(rounds: number): Promise<CrashReport> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-crash-'));
  const ledger = new Ledger();
  try {
    for (let round = 0; round < rounds; round += 1) {
      const running = await startChild(folder);
      if (round === 0) await createQueues(running.client);
      await killUnderLoad(running, new Load(running.client, ledger, round));
    }
    const last = await startChild(folder);
    const drained = await drain(last.client, ledger);
    last.child.kill('SIGKILL');
    await once(last.child, 'exit');
    last.client.close();
    const { answeredSends, answeredRemovals, problems } = ledger;
    return { rounds, answeredSends, answeredRemovals, drained, problems };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function createQueues(client: Client): Promise<void> {
  for (const [QueueName, attributes] of Object.entries(queues)) {
    const Attributes = { ...attributes, VisibilityTimeout: String(visibilitySeconds) };
    await client.call('CreateQueue', { QueueName, Attributes });
  }
}

async function killUnderLoad({ child, client }: Running, load: Load): Promise<void> {
  const { least, most } = killAfterMilliseconds;
  const running = load.run();
  setTimeout(() => child.kill('SIGKILL'), least + Math.random() * (most - least));
  await once(child, 'exit');
  client.close();
  await running;
}

/** Empties every queue; dead letters last, as emptying their source makes more of them. */
async function drain(client: Client, ledger: Ledger): Promise<number> {
  let drained = 0;
  for (const queue of ['jobs', 'ordered.fifo', 'purged', 'poison', 'dead']) {
    while (await hasMessages(client, queue)) {
      for (const message of await client.receive(queue, visibilitySeconds + 1)) {
        ledger.drained(message);
        const { ReceiptHandle } = message;
        await client.call('DeleteMessage', { QueueUrl: client.queueUrl(queue), ReceiptHandle });
        drained += 1;
      }
    }
  }
  ledger.checkNothingLost();
  return drained;
}

async function hasMessages(client: Client, queue: string): Promise<boolean> {
  const { Attributes } = await client.call<{ Attributes: Record<string, string> }>(
    'GetQueueAttributes',
    { QueueUrl: client.queueUrl(queue), AttributeNames: ['All'] },
  );
  return Object.entries(Attributes).some(
    ([name, value]) => name.startsWith('ApproximateNumberOfMessages') && value !== '0',
  );
}
