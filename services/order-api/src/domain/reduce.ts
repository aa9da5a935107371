import type { Job, OrderEvent, OrderEventType } from '@spillway/contracts';
import type { AddressesOf } from './addresses.ts';
import { change, type Input } from './changes.ts';
import { isPlayable } from './early-stream.ts';
import { type Estimates, estimateSeconds, nothingLearned } from './estimates.ts';
import { allSent, type Change } from './job-changes.ts';
import { jobMessage, newJob } from './jobs.ts';
import { filesToCollect, reasonToIgnore } from './judge-result.ts';
import { isEnded, type JobState, type OrderRequest, type OrderState, outputOf } from './order.ts';
import { PROGRESS_STEP, progressByJobs, stageByJobs } from './progress.ts';
import { eventOf } from './snapshot.ts';

/** What follows from an input. */
export interface Step {
  /** The very same object when nothing changed. */
  readonly state: OrderState;
  /** To be sent to the workers. */
  readonly jobs: readonly Job[];
  readonly events: readonly OrderEvent[];
  /** Prefixes of objects that nothing will ever use. */
  readonly garbage: readonly string[];
  /** The order has ended while workers may be at it: they are to be stopped, again if need be. */
  readonly stopsWork: boolean;
  /** Why the input changed nothing. */
  readonly ignored: string | null;
}

/** Progress, stage and running, as the jobs now say; a smaller step than a hundredth waits. */
function told(before: OrderState, after: OrderState, at: string): OrderState {
  if (isEnded(after)) return after;
  const stage = stageByJobs(after);
  const progress = Math.max(after.progress, progressByJobs(after));
  const started = Object.values(after.jobs).some(({ status }) => status !== 'pending');
  return {
    ...after,
    stage,
    progress:
      stage !== before.stage || progress - after.progress >= PROGRESS_STEP
        ? progress
        : after.progress,
    status: started ? 'running' : after.status,
    startedAt: started ? (before.startedAt ?? at) : before.startedAt,
    playableAt: after.playableAt ?? (outputOf(after) || isPlayable(after) ? at : null),
  };
}

function eventType(before: OrderState, after: OrderState): OrderEventType | null {
  if (after.status !== before.status) return `order.${after.status}`;
  if (after.status === 'queued') return null;
  if (after.playableAt !== before.playableAt) return 'order.playable';
  const moved = after.stage !== before.stage || after.progress !== before.progress;
  const warned = after.warnings.length !== before.warnings.length;
  return moved || warned ? 'order.progress' : null;
}

/** A short source that is to be delivered begins and plays with one result: two events, each of what it tells. */
function steps(before: OrderState, after: OrderState): OrderState[] {
  const { status, startedAt, playableAt } = after;
  const isBoth =
    status === 'running' && before.status !== status && playableAt !== before.playableAt;
  return isBoth ? [{ ...before, status, startedAt }, after] : [after];
}

const leavesWork = (state: OrderState): boolean =>
  isEnded(state) && Object.values(state.jobs).some(({ status }) => status === 'dropped');

const nothing = (state: OrderState, ignored: string, garbage: readonly string[] = []): Step => ({
  state,
  jobs: [],
  events: [],
  garbage,
  stopsWork: leavesWork(state),
  ignored,
});

/** Jobs that are sent say what they will probably take. */
function withEstimates(changed: Change, estimates: Estimates): Change {
  if (!changed.send?.length) return changed;
  const send = changed.send.map((job) => ({
    ...job,
    estimateSeconds: estimateSeconds(estimates, changed.state, job),
  }));
  return allSent(changed, send);
}

/**
 * The order workflow, pure (law 5): what an input makes of an order. The same input twice changes
 * nothing the second time (law 2), and an order that has ended changes by a retry alone. `at` is now,
 * RFC 3339; `addressesOf` says where its stream will be found, `estimates` is how long jobs take.
 */
export function reduce(
  state: OrderState,
  input: Input,
  at: string,
  addressesOf: AddressesOf,
  estimates: Estimates = nothingLearned,
): Step {
  if (input.type === 'result') {
    const reason = reasonToIgnore(state, input.result);
    if (reason) return nothing(state, reason, filesToCollect(state, input.result));
  } else if (isEnded(state) && input.type !== 'retry') {
    return nothing(state, 'the order has ended');
  }
  const changed = withEstimates(change(state, input, at), estimates);
  if (changed.state === state) return nothing(state, 'it says nothing new');
  const events: OrderEvent[] = [];
  let next = state;
  for (const step of steps(state, told(state, changed.state, at))) {
    const type = eventType(next, step);
    const after = { ...step, sequence: next.sequence + (type ? 1 : 0) };
    if (type) events.push(eventOf(next, after, type, at, addressesOf));
    next = after;
  }
  return {
    state: next,
    jobs: (changed.send ?? []).map((job) => jobMessage(next, job)),
    events,
    garbage: changed.garbage ?? [],
    stopsWork: leavesWork(next),
    ignored: null,
  };
}

/** Neither uploaded nor a file of this machine. */
const hasToBeFetched = ({ url }: OrderRequest['source']): boolean =>
  url !== undefined && !url.startsWith('file:');

/** What has to be brought, all at once; `prepare` for a source that is here and has no captions. */
function firstJobs({ source, outputs }: OrderRequest, at: string): JobState[] {
  const brought = outputs.captions.map((_, index) => newJob('ingest', index + 1, at));
  if (hasToBeFetched(source)) brought.unshift(newJob('ingest', 0, at));
  return brought.length > 0 ? brought : [newJob('prepare', 0, at)];
}

/** A new order, with its first jobs and its first event. */
export function accept(
  {
    id,
    customerId,
    request,
  }: { readonly id: string; readonly customerId: string; readonly request: OrderRequest },
  at: string,
  addressesOf: AddressesOf,
  estimates: Estimates = nothingLearned,
): Step {
  const first = firstJobs(request, at);
  const empty: OrderState = {
    id,
    customerId,
    request,
    status: 'queued',
    stage: first[0]?.kind === 'ingest' ? 'ingest' : 'prepare',
    progress: 0,
    error: null,
    warnings: [],
    ffmpegBuild: null,
    foreignBuilds: 0,
    createdAt: at,
    startedAt: null,
    playableAt: null,
    run: 0,
    retriedAt: null,
    endedAt: null,
    expiredAt: null,
    sequence: 1,
    jobs: {},
  };
  const { state, send = [] } = withEstimates({ state: empty, send: first }, estimates);
  return {
    state,
    jobs: send.map((sent) => jobMessage(state, sent)),
    events: [eventOf(null, state, 'order.queued', at, addressesOf)],
    garbage: [],
    stopsWork: false,
    ignored: null,
  };
}
