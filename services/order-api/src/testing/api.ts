import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Broker, startBroker } from '@spillway/broker';
import {
  JOB_RESULTS,
  Job,
  type JobResult,
  jobQueues,
  NOTIFICATIONS,
  Notification,
  type Order,
  topology,
} from '@spillway/contracts';
import { sampleCustomer } from '@spillway/contracts/testing';
import type { Database } from '@spillway/database';
import { createSqsMessaging, jsonMessage, type Messaging } from '@spillway/messaging';
import { createEgress, createLogger, type Egress } from '@spillway/runtime';
import { openStorage, type Storage } from '@spillway/storage';
import { Registry } from 'prom-client';
import { type OrderApi, type OrderApiConfig, startOrderApi } from '../index.ts';
import { openOrderDatabase } from './database.ts';

/** The order API on real parts, in a folder of its own; the workers are the test's. */
export interface TestApi {
  readonly url: string;
  readonly folder: string;
  readonly database: Database;
  readonly storage: Storage;
  readonly messaging: Messaging;
  readonly registry: Registry;
  /** The job that was sent for an order, once it is there. */
  job(orderId: string, kind: Job['kind'], index?: number, run?: number): Promise<Sent>;
  /** What the notifier would get for an order, once there is so much. */
  notified(orderId: string, count: number): Promise<Notification[]>;
  /** What the notifier would get for an endpoint, once there is so much. */
  notifiedOf(endpointId: string, count: number): Promise<Notification[]>;
  tell(result: JobResult): Promise<void>;
  /** Nobody takes jobs and notifications any more. */
  stopWorker(): Promise<void>;
  /** The API stops and starts again on the same parts. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface Sent {
  readonly queue: string;
  readonly job: Job;
  readonly attributes: Readonly<Record<string, string>>;
}

const log = createLogger('order-api', 'silent');

/** Collects what is consumed, and lets wait for what is still to come. */
function collector<T>() {
  const items: T[] = [];
  const waiting = new Set<() => void>();
  return {
    add(item: T) {
      items.push(item);
      for (const look of waiting) look();
    },
    until: <R>(find: (items: readonly T[]) => R | undefined): Promise<R> =>
      new Promise((resolve) => {
        const look = () => {
          const found = find(items);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

interface Parts {
  readonly broker: Broker;
  readonly database: Database;
  readonly messaging: Messaging;
  readonly storage: Storage;
  readonly egress: Egress;
}

async function openParts(folder: string): Promise<Parts> {
  const broker = await startBroker({ dataDir: path.join(folder, 'broker') });
  const messaging = createSqsMessaging({
    endpoint: broker.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    log,
  });
  await messaging.declare(topology);
  const database = await openOrderDatabase();
  const storage = await openStorage(pathToFileURL(path.join(folder, 'objects')).href);
  return { broker, database, messaging, storage, egress: createEgress({ allow: ['127.0.0.1'] }) };
}

/** Nothing goes by itself. */
export const keepsAll = {
  sourcesMs: null,
  outputsMs: null,
  ordersMs: null,
  eventsMs: null,
  idempotencyKeysMs: 24 * 3600 * 1000,
} as const;

export const testConfig = (overrides: Partial<OrderApiConfig> = {}): OrderApiConfig => ({
  port: 0,
  host: '127.0.0.1',
  secret: 'a secret of 32 characters or more',
  adminKey: null,
  isExposed: false,
  customerLimits: sampleCustomer().limits,
  publicUrl: null,
  allowedHosts: [],
  allowFileSources: true,
  egressAllow: [],
  orderTimeoutHours: 24,
  uploadHours: 24,
  retention: keepsAll,
  playbackTokenSeconds: 6 * 3600,
  mediaBaseUrl: null,
  presetsDir: null,
  eventStreams: 1000,
  ...overrides,
});

/** Objects are files, unless there is another store for them. */
export async function startTestApi(
  overrides: Partial<OrderApiConfig> = {},
  objects?: Storage,
): Promise<TestApi> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spillway-order-api-'));
  const opened = await openParts(folder);
  const parts = { ...opened, storage: objects ?? opened.storage };
  const { messaging, database, storage, broker, egress } = parts;
  const config = testConfig(overrides);
  let registry = new Registry();
  let api: OrderApi = await startOrderApi({ ...parts, config, log, registry });

  const jobs = collector<Sent>();
  const notifications = collector<Notification>();
  const takesJobs = messaging.subscribe(jobQueues, { concurrency: 8 }, async (delivery) => {
    const { queue, attributes } = delivery;
    jobs.add({ queue, job: Job.parse(JSON.parse(delivery.body)), attributes });
    await delivery.ack();
  });
  const takesNotifications = messaging.subscribe(
    [NOTIFICATIONS],
    { concurrency: 8 },
    async (delivery) => {
      notifications.add(Notification.parse(JSON.parse(delivery.body)));
      await delivery.ack();
    },
  );

  const notified = (isMeant: (told: Notification) => boolean, count: number) =>
    notifications.until((all) => {
      const meant = all.filter(isMeant);
      return meant.length >= count ? meant : undefined;
    });

  return {
    get url() {
      return api.url;
    },
    get registry() {
      return registry;
    },
    folder,
    database,
    storage,
    messaging,
    job: (orderId, kind, index = 0, run = 0) =>
      jobs.until((sent) =>
        sent.findLast(
          ({ job }) =>
            job.orderId === orderId && job.kind === kind && job.index === index && job.run === run,
        ),
      ),
    notified: (orderId, count) => notified((told) => told.orderId === orderId, count),
    notifiedOf: (id, count) => notified(({ endpoint }) => endpoint?.id === id, count),
    tell: (result) => messaging.send(JOB_RESULTS, [jsonMessage(result)]),
    async stopWorker() {
      await Promise.all([takesJobs.stop(), takesNotifications.stop()]);
    },
    async restart() {
      await api.close();
      registry = new Registry();
      api = await startOrderApi({ ...parts, config, log, registry });
    },
    async close() {
      await api.close();
      await messaging.close();
      await egress.close();
      await database.close();
      await broker.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A request with a JSON body, if any, and its answer. */
export async function ask<T = Order>(
  url: string,
  {
    body,
    headers,
    method,
  }: { body?: unknown; headers?: Record<string, string>; method?: string } = {},
): Promise<Answer<T>> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as T,
  };
}
