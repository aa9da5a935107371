import type { ScalerFactory } from '../scaler.ts';

/** pollingInterval of a ScaledJob. */
const POLL_SECONDS = 30;
/** One long poll: a pod that finds nothing goes. */
const LONG_POLL_SECONDS = 20;

/**
 * KEDA's ScaledJob, a message a job: kedacore/keda, pkg/scaling/executor/scale_jobs.go and pkg/scaling/scaledjob/metrics.go.
 *
 * `default` subtracts the jobs that are not finished, and so counts messages in flight; `accurate` subtracts the
 * pending ones and is, by KEDA's documentation, for queues whose length does not count what is being worked on.
 */
export function kedaScaledJob(strategy: 'default' | 'accurate'): ScalerFactory {
  return ({ maxWorkers, lanesPerWorker }) => ({
    name: `KEDA ScaledJob, ${strategy}`,
    everySeconds: POLL_SECONDS,
    minWorkers: 0,
    leavesAfterSeconds: LONG_POLL_SECONDS,
    oneJob: true,
    decide({ visible, inFlight, ready, starting }) {
      const messages = strategy === 'default' ? visible + inFlight : visible;
      const maxScale = Math.min(Math.ceil(messages / lanesPerWorker), maxWorkers);
      const unfinished = ready + starting.length;
      const pending = starting.length;
      const room =
        strategy === 'default'
          ? maxScale - unfinished
          : maxScale + unfinished - pending > maxWorkers
            ? maxWorkers - unfinished
            : maxScale - pending;
      return { launch: Math.max(0, Math.min(messages, room)) };
    },
  });
}
