import type { Broker } from '@spillway/broker';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Figures of the process and of every queue's depth, for Prometheus. */
export function brokerMetrics(broker: () => Broker | undefined): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const messages = new Gauge({
    name: 'broker_queue_messages',
    help: 'Messages of a queue by state: waiting, in_flight, delayed',
    labelNames: ['queue', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, waiting, inFlight, delayed } of broker()?.queues() ?? []) {
        this.set({ queue: name, state: 'waiting' }, waiting);
        this.set({ queue: name, state: 'in_flight' }, inFlight);
        this.set({ queue: name, state: 'delayed' }, delayed);
      }
    },
  });
  messages.reset();
  return registry;
}
