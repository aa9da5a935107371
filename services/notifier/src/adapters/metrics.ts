import { Counter, Histogram, type Registry } from 'prom-client';
import type { Verdict } from '../app/notify.ts';

/** Counts tries at webhooks in the registry, and how often there was none because the receiver was busy. */
export function tryCounter(registry: Registry): (verdict: Verdict, seconds: number) => void {
  const registers = [registry];
  const tries = new Counter({
    name: 'spillway_notifier_tries_total',
    help: 'Tries at telling a receiver of an event, by how they ended: delivered, retry, failed.',
    labelNames: ['outcome'],
    registers,
  });
  const busy = new Counter({
    name: 'spillway_notifier_busy_total',
    help: 'How often an event had to wait because its receiver or customer had its share of the slots.',
    registers,
  });
  const duration = new Histogram({
    name: 'spillway_notifier_try_seconds',
    help: 'How long tries took.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    registers,
  });
  return ({ kind }, seconds) => {
    if (kind === 'busy') return busy.inc();
    tries.inc({ outcome: kind });
    duration.observe(seconds);
  };
}
