import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Alarm } from './alarm.ts';
import { type Backend, createHttpServer, request, stopping } from './http.ts';
import type { Broker, BrokerEvent, BrokerOptions, PageContent } from './options.ts';
import type { Engine } from './queue/engine.ts';
import { snsService } from './sns/service.ts';
import { Signer } from './sns/signer.ts';
import { Topics } from './sns/topics.ts';
import { accountId } from './sqs/context.ts';
import { FifoLimits } from './sqs/fifo-limits.ts';
import { MoveTasks } from './sqs/move-tasks.ts';
import { ReceiveAttempts } from './sqs/receive-attempts.ts';
import { sqsService } from './sqs/service.ts';
import { type FolderLock, lockFolder } from './store/lock.ts';
import { defaultSegmentBytes, openStore, type Store } from './store/open.ts';

/**
 * Starts a broker on a data folder and answers once it accepts requests.
 * @throws FolderLockedError when another broker uses the folder; Error when the folder's format is
 * newer; the system's error when the port is taken or the folder cannot be written
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { dataDir, region = 'us-east-1', now = Date.now } = options;
  const report = options.log ?? (() => undefined);
  mkdirSync(dataDir, { recursive: true });
  const lock = await lockFolder(dataDir);
  let store: Store | undefined;
  try {
    store = openStore({
      folder: dataDir,
      durable: options.sync !== 'off',
      now,
      arnOf: (name) => `arn:aws:sqs:${region}:${accountId}:${name}`,
      report,
      maxSegmentBytes: options.segmentBytes ?? defaultSegmentBytes,
    });
    return await serve(options, store, lock, report, region);
  } catch (error) {
    await store?.close();
    await lock.release();
    throw error;
  }
}

async function serve(
  options: BrokerOptions,
  store: Store,
  lock: FolderLock,
  report: (event: BrokerEvent) => void,
  region: string,
): Promise<Broker> {
  const { host = '127.0.0.1', cooldowns = false } = options;
  const { engine, log } = store;
  const topics = new Topics(engine.documents);
  const signer = new Signer(engine.documents);
  const alarm = new Alarm(engine, report);
  const moveTasks = new MoveTasks(engine, report, (nextTurn) => {
    alarm.set(); // what was moved may have been leased to a long poll
    log.whenDurable(nextTurn);
  });
  const receiveAttempts = new ReceiveAttempts(engine);
  const fifoLimits = options.fifoLimits ? new FifoLimits(engine.now) : undefined;
  const sqs = { moveTasks, receiveAttempts, cooldowns, fifoLimits };
  const shared = { engine, topics, signer, region, ...sqs };
  const backend: Backend = {
    services: [sqsService, snsService],
    context: (request) => ({ ...request, ...shared }),
    whenDurable: (callback) => log.whenDurable(callback),
    afterRequest: () => alarm.set(),
    pages: {
      '/healthz': () => health(log.failure),
      [signer.certificatePath]: () => ({
        type: 'application/x-pem-file',
        body: signer.certificate(),
      }),
      ...options.pages,
    },
    unexpected: (error) =>
      report({ level: 'error', message: 'a request failed', details: { cause: String(error) } }),
  };
  const server = createHttpServer(backend);
  const port = await listen(server, options.port ?? 0, host);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    request: async (given) => (server.listening ? request(given, backend) : stopping),
    queues() {
      engine.advance();
      alarm.set();
      return [...engine.queues.all()].map(({ name, waiting, inFlight, delayed }) => {
        return { name, waiting, inFlight, delayed };
      });
    },
    async close() {
      alarm.stop();
      moveTasks.stop();
      await stop(server, engine);
      await store.close();
      await lock.release();
    },
  };
}

/** A failed write is what only a restart mends, so it is what makes a broker unhealthy. */
function health(failure: Error | undefined): PageContent {
  const type = 'text/plain';
  return failure ? { type, status: 503, body: `${failure.message}\n` } : { type, body: 'ok\n' };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Ends long polls with an empty answer, and waits for the answers under way. */
async function stop(server: Server, engine: Engine): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const queue of engine.queues.all()) {
    for (const waiter of [...queue.waiters]) waiter.giveUp();
  }
  server.closeIdleConnections();
  const impatient = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearInterval(impatient);
}
