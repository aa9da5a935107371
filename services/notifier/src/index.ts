import type { Messaging } from '@spillway/messaging';
import { createEgress, type Egress, type Logger, type Running } from '@spillway/runtime';
import type { Registry } from 'prom-client';
import { tryCounter } from './adapters/metrics.ts';
import { consumeNotifications } from './adapters/notifications.ts';
import { webhookPoster } from './adapters/post.ts';
import { deliveryReporter } from './adapters/report.ts';
import type { NotifierConfig } from './config.ts';
import { Receivers } from './domain/receivers.ts';

export { type NotifierConfig, readNotifierConfig } from './config.ts';

export interface NotifierParts {
  readonly config: NotifierConfig;
  /** Its queues are declared. */
  readonly messaging: Messaging;
  /** Default: one of its own, by the config. */
  readonly egress?: Egress;
  readonly log: Logger;
  readonly registry: Registry;
}

/**
 * Tells customers' webhooks of the events of their orders: at least once, in order for one order
 * and receiver, for 24 h. `close` takes no more, and lets those that are being told answer.
 */
export function startNotifier(parts: NotifierParts): Running {
  const { config, messaging, log, registry } = parts;
  const egress = parts.egress ?? createEgress({ allow: config.egressAllow });
  const consumer = consumeNotifications({
    messaging,
    slots: config.slots,
    log,
    onVerdict: tryCounter(registry),
    post: webhookPoster(egress),
    report: deliveryReporter(messaging),
    receivers: new Receivers({
      receiver: Math.ceil(config.slots / 4),
      customer: Math.ceil(config.slots / 2),
    }),
    secret: config.secret,
    scheduleSeconds: config.retrySeconds,
  });
  return {
    async close() {
      await consumer.stop({ graceSeconds: config.stopGraceSeconds });
      if (!parts.egress) await egress.close();
    },
  };
}
