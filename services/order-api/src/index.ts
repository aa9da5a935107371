import type { RequestListener } from 'node:http';
import { ENCODE_JOBS } from '@spillway/contracts';
import {
  type Database,
  type OutboxRelay,
  outboxDepth,
  sqlOutbox,
  startOutboxRelay,
} from '@spillway/database';
import type { Messaging } from '@spillway/messaging';
import {
  type Egress,
  type HttpServer,
  type Logger,
  listen,
  type ReadinessCheck,
  type Running,
} from '@spillway/runtime';
import type { Storage } from '@spillway/storage';
import type { Registry } from 'prom-client';
import { addressChecks } from './adapters/check-addresses.ts';
import { deliverTo, isRejected } from './adapters/deliver.ts';
import { bodyFreer } from './adapters/free-bodies.ts';
import { createApp } from './adapters/http/app.ts';
import { eventStreams } from './adapters/http/event-stream.ts';
import type { ScalingRouteParts } from './adapters/http/scaling-routes.ts';
import { uploadAddresses } from './adapters/http/upload-addresses.ts';
import { createMetrics, type Metrics } from './adapters/metrics.ts';
import { readPresets } from './adapters/preset-files.ts';
import { sqlApiKeys } from './adapters/sql/api-keys.ts';
import { sqlCustomerOrders } from './adapters/sql/customer-orders.ts';
import { sqlCustomers } from './adapters/sql/customers.ts';
import { sqlEstimates } from './adapters/sql/estimates.ts';
import { sqlOrderStore } from './adapters/sql/order-store.ts';
import { sqlPlaybackAccess } from './adapters/sql/playback-access.ts';
import { sqlRetention } from './adapters/sql/retention.ts';
import { sqlScalingLease } from './adapters/sql/scaling-lease.ts';
import { sqlUploads } from './adapters/sql/uploads.ts';
import { streamAddresses } from './app/addresses.ts';
import { createApiKeys } from './app/api-keys.ts';
import { type BacklogParts, backlogReader } from './app/backlog.ts';
import { startCoordinator } from './app/coordinator.ts';
import { orderCreator } from './app/create-order.ts';
import { createCustomers } from './app/customers.ts';
import { deadLetters } from './app/dead-letters.ts';
import { orderDeleter } from './app/delete-order.ts';
import { createEventFeed, type EventFeed } from './app/event-feed.ts';
import { lookUps } from './app/look-ups.ts';
import { keepsTokens, mediaBase } from './app/media-base.ts';
import { openOrders } from './app/open-orders.ts';
import { orderRequestReader } from './app/order-request.ts';
import { uploadFinder } from './app/order-uploads.ts';
import { playbackTokens } from './app/playback-tokens.ts';
import type { OrderStore } from './app/ports.ts';
import { queueDepths } from './app/queue-depths.ts';
import { startReconciler } from './app/reconciler.ts';
import { Sweeper, type SweeperParts } from './app/sweeper.ts';
import { type SweepOfUploads, sweepUploads } from './app/upload-sweep.ts';
import { Uploads } from './app/uploads.ts';
import { startWorkEstimates } from './app/work-estimates.ts';
import { createWorkflow, type Workflow } from './app/workflow.ts';
import type { OrderApiConfig } from './config.ts';
import { isEnded } from './domain/order.ts';
import type { Step } from './domain/reduce.ts';
import { orderView } from './domain/snapshot.ts';
import { startWebhooks } from './webhooks.ts';

export { orderApiMigrations } from './adapters/sql/migrations.ts';
export { isLoopback, type OrderApiConfig, readOrderApiConfig } from './config.ts';

export interface OrderApiParts {
  readonly config: OrderApiConfig;
  /** With its tables: `orderApiMigrations`. */
  readonly database: Database;
  /** Its topology is declared. */
  readonly messaging: Messaging;
  readonly storage: Storage;
  readonly egress: Egress;
  readonly log: Logger;
  readonly registry: Registry;
}

export interface OrderApi extends Running {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
}

/** Whether the parts that an order needs answer. */
export const readinessChecks = ({
  database,
  messaging,
  storage,
}: Pick<OrderApiParts, 'database' | 'messaging' | 'storage'>): Record<string, ReadinessCheck> => ({
  database: async () => void (await database.query('SELECT 1')),
  broker: async () => void (await messaging.depth(ENCODE_JOBS)),
  storage: async () => void (await storage.head('readiness')),
});

/** Whom every change concerns, once it is durable. */
const teller =
  (relay: OutboxRelay, feed: EventFeed, metrics: Metrics) =>
  ({ state, jobs }: Step): void => {
    // Jobs wait for nothing; an event's webhook may come a tenth of a second later, with others.
    if (jobs.length > 0) relay.poke();
    else relay.pokeSoon();
    feed.poke(state.id);
    if (isEnded(state)) metrics.onEnd(state);
  };

const startRelay = ({ database, messaging, log }: OrderApiParts): OutboxRelay =>
  startOutboxRelay({
    outbox: sqlOutbox(database),
    deliver: deliverTo(messaging),
    isRejected,
    isShared: database.isShared,
    log,
  });

/** Who may ask, and how much. */
function accessTo({ database, config }: OrderApiParts) {
  const { adminKey, isExposed, customerLimits } = config;
  const customers = createCustomers(sqlCustomers(database), customerLimits);
  const keys = createApiKeys({ store: sqlApiKeys(database), customers, adminKey, isExposed });
  const customerOrders = sqlCustomerOrders(database);
  return { keys, customers, customerOrders, openOrders: openOrders(customerOrders) };
}

/** What an autoscaler asks. */
const scalingOf = (database: Database, parts: BacklogParts): ScalingRouteParts => ({
  readBacklog: backlogReader(parts),
  askForScalingLease: sqlScalingLease(database),
});

/** It never changes; players ask for segments by the second. */
const PLAYBACK_ACCESS_MS = 3_600_000;

/** Where streams are found, and who may play them. */
function viewingOf({ database, config }: OrderApiParts, publicUrl: string) {
  const { mediaBaseUrl, playbackTokenSeconds: tokenSeconds } = config;
  const tokens = playbackTokens(config.secret);
  return {
    tokens,
    addressesOf: streamAddresses({ publicUrl, tokens, tokenSeconds }),
    accessOf: lookUps(sqlPlaybackAccess(database), PLAYBACK_ACCESS_MS).get,
    mediaBaseUrl,
    mediaBaseOf: mediaBase(mediaBaseUrl, tokens),
    canSign: keepsTokens(mediaBaseUrl),
    sendEvents: eventStreams(config.eventStreams),
  };
}

/** What customers send us, and where to. */
function uploadsOf(
  { database, storage, config, log }: OrderApiParts,
  publicUrl: string,
  { onUploaded }: Metrics,
) {
  const store = sqlUploads(database);
  const free = bodyFreer();
  const uploads = new Uploads({
    ...{ store, storage, hours: config.uploadHours },
    onReceived(bytes) {
      onUploaded(bytes);
      free(bytes);
    },
  });
  return {
    uploads,
    findUploads: uploadFinder(uploads),
    addresses: uploadAddresses(config.secret, publicUrl),
    sweepUploads: (how: Omit<SweepOfUploads, 'now'>) =>
      sweepUploads({ store, uploads, log }, { ...how, now: Date.now() }),
  };
}

/** How orders go: when they are told to, and when they are kept no longer. */
function removalOf(
  { database, storage, config: { retention }, log }: OrderApiParts,
  store: OrderStore,
  sweepUploads: SweeperParts['sweepUploads'],
) {
  const deleteOrder = orderDeleter(store, storage);
  const kept = sqlRetention(database);
  const sweeper = new Sweeper({
    ...{ store, storage, kept, retention, deleteOrder, sweepUploads, log },
  });
  return { deleteOrder, sweeper };
}

/** Leads orders from result to result, and looks after those that stand still. */
function startLeading(
  { database, storage, messaging, config: { orderTimeoutHours }, log }: OrderApiParts,
  { store, workflow, onResult, sweeper }: LeadingParts,
) {
  const coordinator = startCoordinator({ messaging, storage, workflow, log, onResult });
  const reconciler = startReconciler({
    ...{ database, store, storage, messaging, workflow, orderTimeoutHours, log },
    outboxDepth: () => outboxDepth(database),
    retain: () => sweeper.retain(),
  });
  return {
    stop: () => Promise.all([coordinator.stop({ graceSeconds: 10 }), reconciler.stop()]),
  };
}

interface LeadingParts extends Pick<Metrics, 'onResult'> {
  readonly store: OrderStore;
  readonly workflow: Workflow;
  readonly sweeper: Sweeper;
}

/** Answers until everything stands: the port is taken first, because addresses name it. */
const starting: RequestListener = (_request, response) => {
  response.writeHead(503, { 'retry-after': '1' }).end();
};

/** Files take hours to come; `cutSlowBodies` holds every other body to a minute. */
const openPort = ({ host, port }: OrderApiConfig, handler: RequestListener): Promise<HttpServer> =>
  listen(handler, { host, port, requestTimeoutMs: 0 });

/**
 * Starts the order API: HTTP, the coordinator of results, the outbox relay and the reconciler. `close`
 * takes no more requests and no more results, and lets those in hand end.
 */
export async function startOrderApi(parts: OrderApiParts): Promise<OrderApi> {
  const { config, database, messaging, storage, egress, log, registry } = parts;
  const presets = await readPresets(config.presetsDir);
  let handler = starting;
  const server = await openPort(config, (request, response) => handler(request, response));
  const publicUrl = config.publicUrl ?? server.url;

  const store = sqlOrderStore(database);
  const viewing = viewingOf(parts, publicUrl);
  const { addressesOf } = viewing;
  const depths = queueDepths(messaging);
  const letters = deadLetters(messaging);
  const metrics = createMetrics({
    ...{ registry, store, database, depths, deadLetters: letters, log },
  });
  const feed = createEventFeed(store, log);
  const relay = startRelay(parts);
  const onCommitted = teller(relay, feed, metrics);
  const estimates = startWorkEstimates(sqlEstimates(database), log);
  await estimates.ready;
  const checks = addressChecks(egress, { allowFiles: config.allowFileSources });
  const webhooks = startWebhooks({ ...parts, ...checks, relay, secret: config.secret });
  const { notificationsOf } = webhooks;
  const workflow = createWorkflow({
    ...{ store, storage, addressesOf, estimates, notificationsOf, onCommitted },
  });
  const { onResult, httpTimer } = metrics;
  const sending = uploadsOf(parts, publicUrl, metrics);
  const removal = removalOf(parts, store, sending.sweepUploads);
  const leading = startLeading(parts, { store, workflow, onResult, ...removal });

  const access = accessTo(parts);
  handler = createApp({
    ...{ store, storage, feed, presets, workflow, publicUrl, httpTimer, log },
    ...access,
    ...viewing,
    ...sending,
    ...removal,
    webhooks: webhooks.routes,
    scaling: scalingOf(database, { store, depths, estimates }),
    deadLetters: letters,
    viewOf: (state) => orderView(state, addressesOf(state, new Date().toISOString())),
    createOrder: orderCreator({
      store,
      addressesOf,
      estimates,
      openOrders: access.openOrders,
      readRequest: orderRequestReader({
        ...{ ...checks, presets, findUploads: sending.findUploads },
        canSign: viewing.canSign,
      }),
      onCommitted(step) {
        workflow.remember(step.state);
        onCommitted(step);
      },
    }),
    allowedHosts: config.allowedHosts,
    checks: readinessChecks(parts),
  });
  log.info({ url: server.url }, 'order API');
  return {
    url: server.url,
    async close() {
      feed.close();
      await Promise.all([server.close(), leading.stop(), webhooks.stop()]);
      await estimates.stop();
      await relay.stop();
    },
  };
}
