import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.ts';
import { Ledger } from './ledger.ts';
import { Load, listMoveTasks, queues, visibilitySeconds } from './load.ts';

/** What a crash test found. */
export interface CrashReport {
  rounds: number;
  answeredSends: number;
  answeredRemovals: number;
  /** Tasks that moved dead letters, and how many they moved. */
  moveTasks: number;
  moved: number;
  /** Rounds whose kill came while a move task was running. */
  movesInterrupted: number;
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
  const lastOrdered = new Map<string, string>();
  let movesInterrupted = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const running = await startChild(folder);
      if (round === 0) await createQueues(running.client);
      else if (await isMoving(running.client, ledger)) movesInterrupted += 1;
      await killUnderLoad(running, new Load(running.client, ledger, round, lastOrdered));
    }
    const last = await startChild(folder);
    const drained = await drain(last.client, ledger);
    last.child.kill('SIGKILL');
    await once(last.child, 'exit');
    last.client.close();
    const { answeredSends, answeredRemovals, moveTasks, movedByTasks: moved, problems } = ledger;
    const counts = { answeredSends, answeredRemovals, moveTasks, moved, movesInterrupted, drained };
    return { rounds, ...counts, problems };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function createQueues(client: Client): Promise<void> {
  for (const [QueueName, Attributes] of Object.entries(queues)) {
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

async function isMoving(client: Client, ledger: Ledger): Promise<boolean> {
  return (await listMoveTasks(client, ledger))[0]?.Status === 'RUNNING';
}

/** Lets the last move task end, then empties every queue; emptying `poison` makes more dead letters. */
async function drain(client: Client, ledger: Ledger): Promise<number> {
  let drained = 0;
  const takeFrom = async (queue: string): Promise<void> => {
    for (const message of await client.receive(queue, visibilitySeconds + 1)) {
      ledger.drained(message, queue);
      const { ReceiptHandle } = message;
      await client.call('DeleteMessage', { QueueUrl: client.queueUrl(queue), ReceiptHandle });
      drained += 1;
    }
  };
  while (await isMoving(client, ledger)) await takeFrom('revived');
  for (const queue of ['jobs', 'ordered.fifo', 'purged', 'revived', 'poison', 'dead']) {
    while (await hasMessages(client, queue)) await takeFrom(queue);
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
