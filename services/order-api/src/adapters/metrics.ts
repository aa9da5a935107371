import { type JobResult, OrderStatus } from '@spillway/contracts';
import { type Database, outboxDepth } from '@spillway/database';
import type { Logger } from '@spillway/runtime';
import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DeadLetters } from '../app/dead-letters.ts';
import type { OrderStore } from '../app/ports.ts';
import type { QueueDepths } from '../app/queue-depths.ts';
import type { OrderState } from '../domain/order.ts';
import { routeOf } from './http/request-context.ts';
import { oldestQueuedSeconds } from './sql/open-work.ts';

export interface Metrics {
  readonly onResult: (result: JobResult, used: boolean) => void;
  readonly onEnd: (state: OrderState) => void;
  readonly onUploaded: (bytes: number) => void;
  readonly httpTimer: RequestHandler;
}

export interface MetricsParts {
  readonly registry: Registry;
  readonly store: OrderStore;
  readonly database: Database;
  readonly depths: QueueDepths;
  readonly deadLetters: Pick<DeadLetters, 'count'>;
  readonly log: Logger;
}

/** Gauges that are asked for when they are scraped; a part that is away leaves its gauge out. */
function scrapedGauges(parts: MetricsParts): void {
  const { registry, store, database, depths, deadLetters, log } = parts;
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    fill: (gauge: Gauge) => Promise<void>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        this.reset();
        await fill(this).catch((err: unknown) => log.warn({ err, name }, 'no value for a metric'));
      },
    });
  gauge('spillway_orders', 'Orders, by status.', ['status'], async (orders) => {
    const counts = await store.countByStatus();
    for (const status of OrderStatus.options) orders.set({ status }, counts.get(status) ?? 0);
  });
  gauge('spillway_queue_messages', 'Messages, by queue.', ['queue', 'state'], async (messages) => {
    for (const { name: queue, waiting, inFlight, delayed } of await depths()) {
      messages.set({ queue, state: 'waiting' }, waiting);
      messages.set({ queue, state: 'in_flight' }, inFlight);
      messages.set({ queue, state: 'delayed' }, delayed);
    }
  });
  const letters = 'Messages that were put aside, by the queue they came from.';
  gauge('spillway_dead_letters', letters, ['queue'], async (messages) => {
    for (const { queue, count } of await deadLetters.count()) messages.set({ queue }, count);
  });
  const waits = 'How long the oldest order that no worker has begun waits.';
  gauge('spillway_order_wait_seconds', waits, [], async (oldest) => {
    oldest.set(await oldestQueuedSeconds(database));
  });
  const outbox = 'Messages that the broker does not have yet; rejected ones it will never take.';
  gauge('spillway_outbox_messages', outbox, ['state'], async (messages) => {
    const { waiting, rejected } = await outboxDepth(database);
    messages.set({ state: 'waiting' }, waiting);
    messages.set({ state: 'rejected' }, rejected);
  });
  const age = 'Age of the oldest message that waits for the broker.';
  gauge('spillway_outbox_oldest_seconds', age, [], async (oldest) => {
    oldest.set((await outboxDepth(database)).oldestSeconds);
  });
}

/** What the order API tells Prometheus. */
export function createMetrics(parts: MetricsParts): Metrics {
  const registers = [parts.registry];
  scrapedGauges(parts);
  const results = new Counter({
    name: 'spillway_job_results_total',
    help: 'Ended jobs by kind; dropped are results that came late, twice or from nowhere.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const orderSeconds = new Histogram({
    name: 'spillway_order_seconds',
    help: 'From the order, or its last retry, to its end.',
    labelNames: ['status'],
    buckets: [1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86_400],
    registers,
  });
  const uploadBytes = new Counter({
    name: 'spillway_upload_bytes_total',
    help: 'Bytes of files that clients have sent, those sent again too.',
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'spillway_http_request_seconds',
    help: 'From the request to the last byte of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  return {
    onResult({ kind, status }, used) {
      if (status !== 'progress') results.inc({ kind, outcome: used ? status : 'dropped' });
    },
    onEnd({ status, createdAt, retriedAt, endedAt }) {
      if (endedAt === null) return;
      const begunAt = retriedAt ?? createdAt;
      orderSeconds.observe({ status }, (Date.parse(endedAt) - Date.parse(begunAt)) / 1000);
    },
    onUploaded: (bytes) => uploadBytes.inc(bytes),
    httpTimer(request, response, next) {
      const startedAt = performance.now();
      response.on('close', () => {
        requestSeconds.observe(
          { method: request.method, route: routeOf(request), status: response.statusCode },
          (performance.now() - startedAt) / 1000,
        );
      });
      next();
    },
  };
}
