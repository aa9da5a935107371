import { setTimeout as wait } from 'node:timers/promises';
import type { Delivery, Messaging } from '@spillway/messaging';
import { filesOf } from '../../services/order-api/src/domain/judge-result.ts';
import { type JobDelivery, Worker } from '../../services/video-encoder/src/app/worker.ts';
import type { ApiPorts, EncoderPorts } from './ports.ts';

/** A bug that breaks a law on purpose, to prove that the simulation would find it. */
export interface Plant {
  /** The law that it breaks, as breaches name it. */
  readonly law: string;
  readonly api?: (ports: ApiPorts) => ApiPorts;
  readonly encoder?: (ports: EncoderPorts) => EncoderPorts;
}

type Outbox = ApiPorts['database']['outbox'];
type Store = ApiPorts['database']['store'];

const withOutbox = (ports: ApiPorts, change: (real: Outbox) => Partial<Outbox>): ApiPorts => {
  const { outbox } = ports.database;
  return { ...ports, database: { ...ports.database, outbox: { ...outbox, ...change(outbox) } } };
};

const withStore = (ports: ApiPorts, change: (real: Store) => Partial<Store>): ApiPorts => {
  const { store } = ports.database;
  return { ...ports, database: { ...ports.database, store: { ...store, ...change(store) } } };
};

/** Changes what a consumer is given. */
const withDeliveries = (
  messaging: Messaging,
  change: (delivery: Delivery) => Promise<Delivery>,
): Messaging => ({
  ...messaging,
  subscribe: (queues, options, onDelivery) =>
    messaging.subscribe(queues, options, async (delivery) => onDelivery(await change(delivery))),
});

/** A chunk waits for the one before it, which may wait in the queue behind it. */
class WaitingWorker extends Worker {
  readonly #ports: EncoderPorts;

  constructor(ports: EncoderPorts, parts: ConstructorParameters<typeof Worker>[0]) {
    super(parts);
    this.#ports = ports;
  }

  override async run(job: Parameters<Worker['run']>[0], delivery: JobDelivery) {
    if (job.kind === 'encode-chunk' && job.index > 0) {
      const before = `orders/${job.orderId}/encode-chunk-${job.index - 1}-`;
      while (!(await this.#hasAny(before))) await wait(1_000);
    }
    return super.run(job, delivery);
  }

  async #hasAny(prefix: string): Promise<boolean> {
    for await (const _object of this.#ports.storage.list(prefix)) return true;
    return false;
  }
}

/** At least one for each law; the names are those of `--plant`. */
export const plants: Readonly<Record<string, Plant>> = {
  /** The relay removes messages before the broker has them. */
  'relay-removes-first': {
    law: '1',
    api: (ports) =>
      withOutbox(ports, (real) => ({
        async take(what) {
          const messages = await real.take(what);
          await real.take({ sent: messages.map(({ id }) => id), away: [], limit: 0 });
          return messages;
        },
      })),
  },
  /** An order is accepted before it is written. */
  'accepts-first': {
    law: '1',
    api: (ports) =>
      withStore(ports, (real) => ({
        create: async (orders) => void real.create(orders).catch(() => {}),
      })),
  },
  /** A worker does not wait until its result is durable. */
  'acknowledges-before-the-result': {
    law: '1',
    encoder: (ports) => ({
      ...ports,
      sendResult: (real) => async (result, options) => void real(result, options).catch(() => {}),
    }),
  },
  /** The coordinator acknowledges a result before its order is written. */
  'acknowledges-before-the-write': {
    law: '2',
    api: (ports) => ({
      ...ports,
      messaging: withDeliveries(ports.messaging, async (delivery) => {
        await delivery.ack().catch(() => {});
        return { ...delivery, ack: async () => {} };
      }),
    }),
  },
  /** An order is written whatever has become of it since it was read. */
  'writes-over': {
    law: '2',
    api: (ports) =>
      withStore(ports, (real) => ({
        async write({ state }, steps) {
          const now = await real.read(state.id);
          return now !== null && real.write({ state, version: now.version }, steps);
        },
      })),
  },
  /** The files of a result that was told twice are removed, the winner's too. */
  'removes-the-winner': {
    law: '2',
    api: (ports) => ({
      ...ports,
      workflow: (real) => ({
        ...real,
        async apply(orderId, input, trace, log) {
          const step = await real.apply(orderId, input, trace, log);
          const files = input.type === 'result' ? filesOf(input.result) : null;
          if (step?.ignored && files) await ports.storage.deletePrefix(files);
          return step;
        },
      }),
    }),
  },
  /** The relay sends the newest message first. */
  'events-overtake': {
    law: '2',
    api: (ports) =>
      withOutbox(ports, (real) => ({ take: async (what) => (await real.take(what)).reverse() })),
  },
  /** A stop does not wait for what is in hand. */
  'stops-busy-workers': {
    law: '4',
    encoder: (ports) => ({
      ...ports,
      messaging: {
        ...ports.messaging,
        subscribe: (...given) => {
          const real = ports.messaging.subscribe(...given);
          return { stop: async () => void real.stop() };
        },
      },
    }),
  },
  /** A worker that was told to stop goes on taking jobs. */
  'takes-on-while-stopping': {
    law: '4',
    encoder: (ports) => ({
      ...ports,
      messaging: {
        ...ports.messaging,
        subscribe: (...given) => {
          const real = ports.messaging.subscribe(...given);
          return { stop: () => wait(5_000).then(() => real.stop()) };
        },
      },
    }),
  },
  /** A worker waits for another. */
  'waits-for-another': {
    law: '5',
    encoder: (ports) => ({ ...ports, worker: (parts) => new WaitingWorker(ports, parts) }),
  },
  /** What has failed for good is tried again. */
  'retries-for-good': {
    law: '6',
    encoder: (ports) => ({
      ...ports,
      sendResult: (real) => async (result, options) => {
        if (result.status === 'failed' && !result.error.retryable) throw new Error('again');
        await real(result, options);
      },
    }),
  },
  /** What may pass is tried for ever. */
  'retries-for-ever': {
    law: '6',
    encoder: (ports) => ({ ...ports, maxAttempts: Number.MAX_SAFE_INTEGER }),
  },
  /** What may pass is tried only once. */
  'never-retries': { law: '6', encoder: (ports) => ({ ...ports, maxAttempts: 1 }) },
  /** Nobody looks for what stands still. */
  'no-reconciler': { law: '7', api: (ports) => ({ ...ports, reconciles: false }) },
  /** What nobody needs is kept. */
  'keeps-leftovers': {
    law: 'leftovers',
    api: (ports) => ({ ...ports, storage: { ...ports.storage, deletePrefix: async () => {} } }),
  },
  /** Workers are not told of an order's end. */
  'no-cancel-marker': {
    law: 'cancel',
    api: (ports) => ({
      ...ports,
      storage: {
        ...ports.storage,
        put: async (key, body) =>
          key.includes('/canceled-')
            ? { key, bytes: 0, etag: '', modifiedAt: new Date() }
            : ports.storage.put(key, body),
      },
    }),
  },
};
