import type { Event, Job, Pod } from './objects.ts';

/** Why a worker does not start, in the words of a metric's label. */
export const holdUpCauses = [
  'unschedulable',
  'image',
  'configuration',
  'quota',
  'pod_refused',
] as const;

export interface HoldUp {
  readonly cause: (typeof holdUpCauses)[number];
  /** As Kubernetes says it. */
  readonly message: string;
}

const JOB_NAME_LABEL = 'batch.kubernetes.io/job-name';

/** States of a container that do not pass by themselves within seconds. */
const WAITING_CAUSES: Readonly<Record<string, HoldUp['cause']>> = {
  ErrImagePull: 'image',
  ImagePullBackOff: 'image',
  InvalidImageName: 'image',
  ErrImageNeverPull: 'image',
  CreateContainerConfigError: 'configuration',
  CreateContainerError: 'configuration',
};

export const isQuota = (message: string): boolean => /exceeded quota/.test(message);

/** Of workers that start, those that something holds up; `pods` are theirs that do not run yet. */
export function holdUps(
  starting: readonly Job[],
  pods: readonly Pod[],
  events: readonly Event[],
): readonly HoldUp[] {
  const podOf = new Map(pods.map((pod) => [pod.metadata.labels?.[JOB_NAME_LABEL], pod]));
  return starting.flatMap((job) => {
    const pod = podOf.get(job.metadata.name);
    return pod ? ofPod(pod) : ofJobWithoutPod(job, events);
  });
}

function ofPod({ status }: Pod): HoldUp[] {
  const unscheduled = status?.conditions?.find(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable',
  );
  if (unscheduled) return [{ cause: 'unschedulable', message: unscheduled.message ?? '' }];
  for (const { state } of status?.containerStatuses ?? []) {
    const cause = WAITING_CAUSES[state?.waiting?.reason ?? ''];
    if (cause) return [{ cause, message: state?.waiting?.message ?? '' }];
  }
  return [];
}

/** The Job was taken, and its pod was not: a quota on pods or their CPUs, a policy. Only events tell. */
function ofJobWithoutPod(job: Job, events: readonly Event[]): HoldUp[] {
  const event = events.findLast(({ involvedObject }) => involvedObject.name === job.metadata.name);
  if (!event) return [];
  const message = event.message ?? '';
  return [{ cause: isQuota(message) ? 'quota' : 'pod_refused', message }];
}
