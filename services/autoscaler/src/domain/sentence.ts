import type { ScalingPlan } from '@spillway/scaling';
import type { PlanSettings, Work, Workers } from './plan-workers.ts';

const count = (number: number, thing: string): string =>
  `${number} ${thing}${number === 1 ? '' : 's'}`;

const seconds = (number: number): string => `${Math.round(number)} s`;

const describeWork = ({ waiting }: Work): string => {
  const jobs = waiting.reduce((sum, group) => sum + group.jobs, 0);
  const work = waiting.reduce((sum, group) => sum + group.jobs * group.estimateSeconds, 0);
  const oldest = Math.max(0, ...waiting.map((group) => group.seconds));
  return `${count(jobs, 'job')} of ${seconds(work)} of work ${jobs === 1 ? 'waits' : 'wait'}, up to ${seconds(oldest)}`;
};

const describeWorkers = ({ ready, starting }: Workers): string =>
  `${count(ready, 'worker')} ready, ${starting.length} starting`;

/** Why a plan is what it is, for the log. */
export function reasonFor(
  plan: ScalingPlan,
  work: Work,
  workers: Workers,
  { minWorkers, maxWorkers, waitTargetSeconds }: PlanSettings,
): string {
  const there = describeWorkers(workers);
  const late = `${plan.lateJobs} would start later than ${seconds(waitTargetSeconds)}`;
  switch (plan.reason) {
    case 'nothing_waits':
      return `nothing waits: ${there}`;
    case 'in_time':
      return `${describeWork(work)}; all start in time: ${there}`;
    case 'late_jobs':
      return `${describeWork(work)}; ${late}: ${there}`;
    case 'limit':
      return `${describeWork(work)}; ${late}, and no more than ${maxWorkers} workers are allowed: ${there}`;
    case 'minimum':
      return `fewer than the minimum of ${minWorkers}: ${there}`;
  }
}
