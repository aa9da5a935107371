import { setTimeout as wait } from 'node:timers/promises';
import { backoffSeconds, type Logger } from '@spillway/runtime';
import { type ChannelModel, connect } from 'amqplib';
import { MessagingError } from '../../port.ts';

/** Shorter than callers wait for a connection, so that they are served as soon as the broker is back. */
export const BACKOFF = { firstSeconds: 0.2, maxSeconds: 2 };
const CONNECT_TIMEOUT_MS = 10_000;
/** A peer that is silent for twice as long is gone. RabbitMQ's own 60 s would hold jobs for minutes. */
const HEARTBEAT_SECONDS = 10;

export interface ConnectionOptions {
  /** Of the nodes of one cluster; tried in turn. */
  readonly urls: readonly string[];
  readonly log: Logger;
}

/** One connection to any of the addresses, taken up again with back-off until it is closed. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #model: Promise<ChannelModel>;
  #opened: (model: ChannelModel) => void = () => {};

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#model = this.#nextModel();
    this.#running = this.#run();
  }

  /**
   * The open connection; waits for it until `signal` is aborted, and then throws `unavailable`. What it
   * resolves to may break at any moment.
   */
  async model(signal: AbortSignal): Promise<ChannelModel> {
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    return Promise.race([this.#model, rejectionOf(ended)]);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  #nextModel(): Promise<ChannelModel> {
    return new Promise((resolve) => {
      this.#opened = resolve;
    });
  }

  async #run(): Promise<void> {
    const { urls, log } = this.#options;
    const { signal } = this.#closing;
    let failures = 0;
    for (let turn = 0; !signal.aborted; turn++) {
      const url = urls[turn % urls.length] ?? '';
      try {
        const model = await connect(withHeartbeat(url), {
          timeout: CONNECT_TIMEOUT_MS,
          clientProperties: { connection_name: 'spillway' },
        });
        const ended = endOf(model, log);
        this.#opened(model);
        log[failures > 0 ? 'warn' : 'debug']({ broker: placeOf(url) }, 'connected to the broker');
        failures = 0;
        await Promise.race([ended, aborted(signal)]);
        this.#model = this.#nextModel();
        if (signal.aborted) await model.close().catch(() => {});
        else log.warn({ broker: placeOf(url) }, 'lost the connection to the broker');
      } catch (err) {
        failures++;
        // The first failure is news; the ones behind it are the same news.
        log[failures === 1 ? 'warn' : 'debug'](
          { err, broker: placeOf(url) },
          'cannot reach the broker, trying again',
        );
        // Another node may be well: only a round of all of them makes us wait.
        if (failures % urls.length > 0) continue;
        await wait(backoffSeconds(BACKOFF, failures / urls.length) * 1000, undefined, {
          signal,
        }).catch(() => {});
      }
    }
  }
}

function withHeartbeat(url: string): string {
  const address = new URL(url);
  if (!address.searchParams.has('heartbeat')) {
    address.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  }
  return address.href;
}

/** Without the password. */
const placeOf = (url: string): string => new URL(url).host;

/** Resolves when the connection is over. */
function endOf(model: ChannelModel, log: Logger): Promise<void> {
  model.on('error', (err) => log.debug({ err }, 'the connection failed'));
  model.on('blocked', (reason) => log.warn({ reason }, 'the broker takes no messages'));
  model.on('unblocked', () => log.info('the broker takes messages again'));
  return new Promise((resolve) => model.on('close', () => resolve()));
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const rejectionOf = (signal: AbortSignal): Promise<never> =>
  aborted(signal).then(() => {
    throw new MessagingError('unavailable', 'There is no connection to the broker');
  });

const MOST_OPENING_MS = 5_000;

/** A connection that breaks while a channel is being opened may leave its opening without any end. */
export async function inTime<C>(opening: Promise<C>): Promise<C> {
  return Promise.race([opening, rejectionOf(AbortSignal.timeout(MOST_OPENING_MS))]);
}
