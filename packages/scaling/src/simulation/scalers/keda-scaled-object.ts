import type { Scaler, ScalerFactory } from '../scaler.ts';

/** --horizontal-pod-autoscaler-sync-period of the controller manager. */
const SYNC_SECONDS = 15;
/** pollingInterval and cooldownPeriod of a ScaledObject. */
const POLL_SECONDS = 30;
const COOLDOWN_SECONDS = 300;
/** --horizontal-pod-autoscaler-tolerance and -downscale-stabilization. */
const TOLERANCE = 0.1;
const STABILIZATION_SECONDS = 300;

/**
 * KEDA's ScaledObject with the HPA that it makes, `queueLength` messages a pod. As in kedacore/keda,
 * pkg/scaling/executor/scale_scaledobjects.go (from zero to one and back) and pkg/scalers/aws_sqs_queue_scaler.go (messages in flight count), and in
 * kubernetes, pkg/controller/podautoscaler: GetExternalPerPodMetricReplicas, stabilizeRecommendation and calculateScaleUpLimit.
 */
export function kedaScaledObject(queueLength: number): ScalerFactory {
  return ({ maxWorkers }): Scaler => {
    const recommended: { at: number; replicas: number }[] = [];
    let lastActive = 0;
    let syncs = 0;
    let replicas = 0;

    const hpa = (messages: number, now: number) => {
      const ratio = messages / (queueLength * replicas);
      const wanted = Math.abs(1 - ratio) > TOLERANCE ? Math.ceil(messages / queueLength) : replicas;
      recommended.push({ at: now, replicas: wanted });
      while ((recommended[0]?.at ?? now) < now - STABILIZATION_SECONDS) recommended.shift();
      const highest = Math.max(...recommended.map((past) => past.replicas));
      return Math.max(1, Math.min(highest, Math.max(2 * replicas, 4), maxWorkers));
    };
    const keda = (messages: number, now: number) => {
      if (messages > 0) lastActive = now;
      if (replicas === 0 && messages > 0) return 1;
      return messages === 0 && now - lastActive > COOLDOWN_SECONDS ? 0 : replicas;
    };

    return {
      name: `KEDA ScaledObject, ${queueLength} a pod`,
      everySeconds: SYNC_SECONDS,
      minWorkers: 0,
      leavesAfterSeconds: null,
      oneJob: false,
      decide({ visible, inFlight, now }) {
        const messages = visible + inFlight;
        if (syncs % (POLL_SECONDS / SYNC_SECONDS) === 0) replicas = keda(messages, now);
        // The HPA does nothing about a target of no replicas.
        if (replicas > 0) replicas = hpa(messages, now);
        else recommended.length = 0;
        syncs += 1;
        return { workers: replicas };
      },
    };
  };
}
