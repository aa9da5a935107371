import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startBroker } from '@spillway/broker';
import { topology } from '@spillway/contracts';
import { migrate, openDatabase } from '@spillway/database';
import { createSqsMessaging, type Messaging, openMessaging } from '@spillway/messaging';
import { readNotifierConfig, startNotifier } from '@spillway/notifier';
import {
  isLoopback,
  orderApiMigrations,
  readinessChecks,
  readOrderApiConfig,
  startOrderApi,
} from '@spillway/order-api';
import {
  adminApp,
  createEgress,
  type Logger,
  listen,
  type Running,
  settingsOf,
} from '@spillway/runtime';
import { openStorage } from '@spillway/storage';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { StandaloneConfig } from './config.ts';
import { keptSecret } from './kept-secret.ts';
import { startWorkers } from './workers.ts';

export interface System extends Running {
  /** Of the order API. */
  readonly url: string;
  /** Of the operator. */
  readonly adminKey: string;
  /** Where /metrics is. */
  readonly adminUrl: string;
}

/** Closes what was opened, the last first; also when the opening of a later part fails. */
class Opened {
  readonly #parts: Running[] = [];

  add<T extends Running>(part: T): T {
    this.#parts.push(part);
    return part;
  }

  async close(): Promise<void> {
    for (const part of this.#parts.toReversed()) await part.close();
  }
}

/** Every service in this process, on embedded parts whose files are in the data folder. */
export async function startSystem(config: StandaloneConfig, log: Logger): Promise<System> {
  const opened = new Opened();
  try {
    return await openParts(config, log, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openBroker(
  config: StandaloneConfig,
  log: Logger,
  opened: Opened,
): Promise<Messaging> {
  const { brokerUrl, amqpManagementUrl, dataDir } = config;
  const messaging = opened.add(
    brokerUrl
      ? openMessaging({ url: brokerUrl, amqpManagementUrl, log })
      : await openEmbedded(dataDir, log, opened),
  );
  await messaging.declare(topology);
  return messaging;
}

/** The broker in this process: the same driver and requests as for SQS, without the network between. */
async function openEmbedded(dataDir: string, log: Logger, opened: Opened): Promise<Messaging> {
  const broker = opened.add(
    await startBroker({
      dataDir: join(dataDir, 'broker'),
      log: ({ level, message, details }) => log[level](details, message),
    }),
  );
  return createSqsMessaging({
    endpoint: broker.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
    checksSignatures: false,
    transport: (request) => broker.request(request),
    log,
  });
}

async function openParts(config: StandaloneConfig, log: Logger, opened: Opened): Promise<System> {
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true });
  const messaging = await openBroker(config, log, opened);
  const onProblem = (err: Error) => log.error({ err }, 'the database had a problem');
  const database = opened.add(
    await openDatabase({ dataDir: join(dataDir, 'database') }, { onProblem }),
  );
  await migrate(database, await orderApiMigrations());
  const storage = await openStorage(config.storageUrl);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const adminKey = config.adminKey ?? (await keptSecret(dataDir, 'admin-key'));
  const environment = {
    SPILLWAY_ALLOW_FILE_SOURCES: 'true',
    // A customer elsewhere must not reach what listens on this machine alone.
    ...(isLoopback(config.host) && { SPILLWAY_EGRESS_ALLOW: '127.0.0.0/8,::1/128,localhost' }),
    SPILLWAY_SECRET: await keptSecret(dataDir, 'secret'),
    SPILLWAY_WORK_DIR: join(dataDir, 'work'),
    ...settingsOf(config.environment),
    // For the operator's own commands; it alone does not make keys needed.
    SPILLWAY_ADMIN_KEY: adminKey,
    SPILLWAY_HOST: config.host,
    PORT: String(config.port),
  };
  const apiConfig = readOrderApiConfig(environment);
  const egress = opened.add(createEgress({ allow: apiConfig.egressAllow }));
  const partsOf = (part: string) => ({ messaging, egress, registry, log: log.child({ part }) });
  opened.add(startNotifier({ ...partsOf('notifier'), config: readNotifierConfig(environment) }));
  const workers = opened.add(
    await startWorkers({ ...partsOf('video-encoder'), storage, environment }),
  );
  const api = opened.add(
    await startOrderApi({
      ...partsOf('order-api'),
      messaging: workers.heard(messaging),
      ...{ database, storage, config: apiConfig },
    }),
  );
  const autoscaler = workers.follow({ url: api.url, key: adminKey });
  if (autoscaler) opened.add(autoscaler);
  const checks = readinessChecks({ database, messaging, storage });
  const admin = opened.add(
    await listen(adminApp({ registry, checks }), { host: '127.0.0.1', port: config.adminPort }),
  );
  return { url: api.url, adminKey, adminUrl: admin.url, close: () => opened.close() };
}
