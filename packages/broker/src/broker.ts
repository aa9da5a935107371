import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpServer } from './http.ts';
import type { Broker, BrokerOptions } from './options.ts';
import { Engine } from './queue/engine.ts';
import { Replay } from './queue/replay.ts';
import { snsService } from './sns/service.ts';
import { Topics } from './sns/topics.ts';
import { accountId } from './sqs/context.ts';
import { sqsService } from './sqs/service.ts';
import { Compactor } from './store/compact.ts';
import { DiskJournal } from './store/disk-journal.ts';
import { lockFolder } from './store/lock.ts';
import { Log } from './store/log.ts';
import { recover } from './store/recover.ts';

const maxSegmentBytes = 64 * 1024 * 1024;

/** Node's timers take at most 2^31 - 1 ms. */
const longestTimer = 2 ** 31 - 1;

/**
 * Starts a broker on a data folder and answers once it accepts requests.
 * @throws FolderLockedError when another broker uses the folder; Error when the folder's format is
 * newer; the system's error when the port is taken or the folder cannot be written
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { dataDir, host = '127.0.0.1', region = 'us-east-1', now = Date.now } = options;
  const cooldowns = options.cooldowns ?? false;
  const report = options.log ?? (() => undefined);
  mkdirSync(dataDir, { recursive: true });
  const lock = await lockFolder(dataDir);
  const journal = new DiskJournal();
  const engine = new Engine(journal, now, (name) => `arn:aws:sqs:${region}:${accountId}:${name}`);
  let log: Log | undefined;
  try {
    const replay = new Replay(engine);
    const recovered = recover(dataDir, replay, report);
    engine.messages.reserveSequence(recovered.nextSequence);
    replay.finish();
    const opened = new Log(
      {
        folder: dataDir,
        durable: options.sync !== 'off',
        maxSegmentBytes,
        nextSequence: () => engine.messages.nextSequence,
        onFailure: (error) =>
          report({
            level: 'error',
            message: 'writing to disk failed',
            details: { cause: error.message },
          }),
        onRotate: () => compactor.runIfDue(),
      },
      recovered.segments,
    );
    log = opened;
    journal.attach(opened);
    const compactor = new Compactor(opened, engine, maxSegmentBytes, report);
    const topics = new Topics(engine.documents);
    const alarm = new Alarm(engine);
    const server = createHttpServer({
      services: [sqsService, snsService],
      context: (request) => ({ ...request, engine, topics, region, cooldowns }),
      whenDurable: (callback) => opened.whenDurable(callback),
      afterRequest: () => alarm.set(),
      pages: { '/healthz': () => ({ type: 'text/plain', body: 'ok\n' }), ...options.pages },
      unexpected: (error) =>
        report({ level: 'error', message: 'a request failed', details: { cause: String(error) } }),
    });
    const port = await listen(server, options.port ?? 0, host);
    compactor.runIfDue();
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
      port,
      queues() {
        engine.advance();
        return [...engine.queues.all()].map(({ name, waiting, inFlight, delayed }) => {
          return { name, waiting, inFlight, delayed };
        });
      },
      async close() {
        alarm.stop();
        await stop(server, engine);
        await compactor.stop();
        await opened.close();
        await lock.release();
      },
    };
  } catch (error) {
    await log?.close();
    await lock.release();
    throw error;
  }
}

/** Wakes the engine when the next hidden message becomes visible and a long poll may want it. */
class Alarm {
  readonly #engine: Engine;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Sets the timer again when a deadline is now earlier than the one it waits for. */
  set(): void {
    const next = this.#engine.messages.deadlines.next;
    if (next === undefined || next >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = next;
    const delay = Math.min(Math.max(next - this.#engine.now(), 0), longestTimer);
    this.#timer = setTimeout(() => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#engine.advance();
      this.set();
    }, delay);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#at = Number.NEGATIVE_INFINITY;
  }
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
