import { Counter, Gauge, type Registry } from 'prom-client';
import type { Observer } from '../app/ports.ts';

/** Tells what the autoscaler sees and does, in the registry. */
export function metricsObserver(registry: Registry): Observer {
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const leading = gauge('spillway_autoscaler_leading', 'Whether this process plans: 1 or 0.');
  const seenAt = new Gauge({
    name: 'spillway_autoscaler_last_look_timestamp_seconds',
    help: 'When the work was last seen, by where.',
    labelNames: ['source'],
    registers,
  });
  const workers = new Gauge({
    name: 'spillway_autoscaler_workers',
    help: 'Workers that are there, by state.',
    labelNames: ['state'],
    registers,
  });
  const waiting = gauge('spillway_autoscaler_waiting_jobs', 'Jobs that wait and could be taken.');
  const late = gauge(
    'spillway_autoscaler_late_jobs',
    'Waiting jobs that will start too late although all allowed workers are launched.',
  );
  const plans = new Counter({
    name: 'spillway_autoscaler_plans_total',
    help: 'Plans, by their reason.',
    labelNames: ['reason'],
    registers,
  });
  const launched = counter('spillway_autoscaler_launched_total', 'Workers launched.');
  const refused = new Counter({
    name: 'spillway_autoscaler_refused_total',
    help: 'Workers that the target did not launch, by its reason.',
    labelNames: ['reason'],
    registers,
  });
  const failed = counter(
    'spillway_autoscaler_failed_starts_total',
    'Workers that ended before they did anything.',
  );
  const broken = counter(
    'spillway_autoscaler_target_errors_total',
    'Rounds that an error of the target ended.',
  );
  return {
    leads: (isLeading) => leading.set(isLeading ? 1 : 0),
    saw(source) {
      if (source) seenAt.set({ source }, Date.now() / 1000);
    },
    planned(plan, { ready, starting }) {
      workers.set({ state: 'ready' }, ready);
      workers.set({ state: 'starting' }, starting);
      waiting.set(plan.waitingJobs);
      late.set(plan.stillLateJobs);
      plans.inc({ reason: plan.reason });
    },
    answered(answer) {
      launched.inc(answer.launched);
      for (const { reason, count } of answer.refused) refused.inc({ reason }, count);
    },
    failed: (count) => failed.inc(count),
    broke: () => broken.inc(),
  };
}
