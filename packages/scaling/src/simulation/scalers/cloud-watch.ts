import type { Scaler, ScalerFactory } from '../scaler.ts';

/** CloudWatch has a point a minute of an SQS queue and of an ECS service. */
const POINT_SECONDS = 60;
/** Application Auto Scaling's default for ECS services. */
const COOLDOWN_SECONDS = 300;

/**
 * Target tracking of Application Auto Scaling: its two alarms and what they do. Out after 3 of 3 points above the target, in
 * after 15 of 15 below nine tenths of it; a missing point (null) never scales in. During the cooldown of a scale-out only a larger
 * one counts. The alarms are made by AWS and cannot be changed.
 */
function createTargetTracking(target: number) {
  const points: (number | null)[] = [];
  let outAt = Number.NEGATIVE_INFINITY;
  let inAt = Number.NEGATIVE_INFINITY;
  let capacityBefore = 0;
  const last = (count: number, holds: (point: number) => boolean) =>
    points.length >= count && points.slice(-count).every((point) => point !== null && holds(point));

  /** How many tasks it wants, of `desired` that there are to be. */
  return (point: number | null, desired: number, now: number): number => {
    points.push(point);
    if (points.length > 15) points.shift();
    if (point === null) return desired;
    if (last(3, (value) => value > target)) {
      const base = now - outAt < COOLDOWN_SECONDS ? capacityBefore : desired;
      const wanted = Math.ceil((base * point) / target);
      if (wanted <= desired) return desired;
      capacityBefore = base;
      outAt = now;
      return wanted;
    }
    const quiet = now - Math.max(inAt, outAt) >= COOLDOWN_SECONDS;
    if (quiet && last(15, (value) => value < 0.9 * target)) {
      const wanted = Math.ceil((desired * point) / target);
      if (wanted < desired) inAt = now;
      return Math.min(desired, wanted);
    }
    return desired;
  };
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/**
 * ECS service with target tracking on the backlog per task (visible messages over running tasks), as AWS documents it for SQS: the target is the
 * acceptable wait over the mean time of a job. At least one task, since without one the metric is undefined.
 */
export const targetTracking: ScalerFactory = (settings): Scaler => {
  const perLane = settings.waitTargetSeconds / settings.meanJobSeconds;
  const track = createTargetTracking(perLane * settings.lanesPerWorker);
  let desired = 1;
  return {
    name: 'AWS target tracking',
    everySeconds: POINT_SECONDS,
    minWorkers: 1,
    leavesAfterSeconds: null,
    oneJob: false,
    decide({ visible, ready, now }) {
      const point = ready > 0 ? visible / ready : null;
      desired = clamp(track(point, desired, now), 1, settings.maxWorkers);
      return { workers: desired };
    },
  };
};

const STEP_PERIODS = 5;

/**
 * CDK's QueueProcessingFargateService with its default steps (aws-cdk-lib, aws-ecs-patterns/lib/base/queue-processing-service-base.ts): no visible
 * message -1, from 100 +1, from 500 +5, by one period of the metric, which is the maximum of five minutes; and 50 % of CPU. The default limit of two tasks is
 * raised to ours. An alarm that holds acts again every minute; the cooldown is the API's default.
 */
export const cdkSteps: ScalerFactory = ({ maxWorkers }): Scaler => {
  const cpu = createTargetTracking(0.5);
  const points: number[] = [];
  let desired = 1;
  let outAt = Number.NEGATIVE_INFINITY;
  let inAt = Number.NEGATIVE_INFINITY;
  let added = 0;

  const step = (visible: number, now: number) => {
    points.push(visible);
    if (points.length > STEP_PERIODS) points.shift();
    const highest = Math.max(...points);
    const change = highest >= 500 ? 5 : highest >= 100 ? 1 : highest <= 0 ? -1 : 0;
    if (change > 0) {
      const already = now - outAt < COOLDOWN_SECONDS ? added : 0;
      if (change <= already) return 0;
      if (already === 0) outAt = now;
      added = change;
      return change - already;
    }
    if (change === 0 || now - Math.max(inAt, outAt) < COOLDOWN_SECONDS) return 0;
    inAt = now;
    return change;
  };

  return {
    name: 'CDK steps',
    everySeconds: POINT_SECONDS,
    minWorkers: 1,
    leavesAfterSeconds: null,
    oneJob: false,
    decide({ visible, ready, busyShare, now }) {
      const byCpu = cpu(ready > 0 ? busyShare : null, desired, now);
      const bySteps = desired + step(visible, now);
      // Of several policies the one with the larger capacity decides; one that wants no change holds nobody up.
      const changed = [byCpu, bySteps].filter((wanted) => wanted !== desired);
      desired = clamp(changed.length > 0 ? Math.max(...changed) : desired, 1, maxWorkers);
      return { workers: desired };
    },
  };
};
