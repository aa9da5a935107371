import type { Handled } from '@spillway/messaging';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Counts tries at webhooks in the registry. */
export function tryCounter(registry: Registry): (handled: Handled) => void {
  const registers = [registry];
  const tries = new Counter({
    name: 'spillway_notifier_tries_total',
    help: 'Tries at telling a receiver of an event, by how they ended.',
    labelNames: ['outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'spillway_notifier_try_seconds',
    help: 'How long tries took.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    registers,
  });
  return ({ outcome, seconds }) => {
    tries.inc({ outcome });
    duration.observe(seconds);
  };
}
