import {
  type CreateOrder,
  chunkCount,
  type EncodePlan,
  type Failure,
  hasEnded,
  type JobKind,
  type OrderStatus,
  type Outcome,
  type Output,
  type SourceRef,
  type Stage,
} from '@spillway/contracts';

/** One try at a job, as far as its worker has told. */
export interface Attempt {
  readonly attemptId: string;
  readonly worker: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** `dropped`: it succeeded, but its files are not used. */
  readonly status: 'running' | 'succeeded' | 'failed' | 'dropped';
  readonly cpuSeconds: number | null;
  readonly ffmpegBuild: string | null;
  readonly error: Failure | null;
  readonly log: readonly string[];
}

/** `dropped`: the order ended before the job did. */
export type JobStatus = 'pending' | 'running' | 'succeeded' | 'failed' | 'dropped';

export interface JobState {
  readonly kind: JobKind;
  readonly index: number;
  readonly status: JobStatus;
  /** 0 to 1. */
  readonly progress: number;
  /** What the first valid result said; null until then. */
  readonly outcome: Outcome | null;
  readonly attempts: readonly Attempt[];
  readonly estimateSeconds: number | null;
  /** How often the reconciler found it in no queue and with no worker. */
  readonly timesLost: number;
  readonly sentAt: string;
  readonly endedAt: string | null;
}

/** What was ordered, with every default filled in. */
export type OrderRequest = Required<Pick<CreateOrder, 'source' | 'outputs' | 'priority'>> & {
  readonly metadata: Readonly<Record<string, string>>;
  readonly webhook: NonNullable<CreateOrder['webhook']> | null;
};

/** An order and its jobs: all that `reduce` knows. Times are RFC 3339. */
export interface OrderState {
  readonly id: string;
  readonly customerId: string;
  readonly request: OrderRequest;
  readonly status: OrderStatus;
  readonly stage: Stage;
  /** 0 to 1; never goes back. */
  readonly progress: number;
  readonly error: Failure | null;
  readonly warnings: readonly string[];
  /** The ffmpeg that its chunks come from, fixed by the first of them (law 9). */
  readonly ffmpegBuild: string | null;
  /** Chunk results of other builds since the last one of the order's build. */
  readonly foreignBuilds: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly playableAt: string | null;
  readonly endedAt: string | null;
  /** Number of its last event. */
  readonly sequence: number;
  /** By `jobKey`. */
  readonly jobs: Readonly<Record<string, JobState>>;
}

/** Names a job within its order. */
export const jobKey = ({ kind, index }: { kind: JobKind; index: number }): string =>
  `${kind}/${index}`;

export const isOpen = ({ status }: JobState): boolean =>
  status === 'pending' || status === 'running';

export const isEnded = ({ status }: OrderState): boolean => hasEnded(status);

const outcomeOf = (state: OrderState, kind: JobKind, index = 0): Outcome | null =>
  state.jobs[jobKey({ kind, index })]?.outcome ?? null;

/** Null until there is something that ffmpeg can read. */
export function sourceOf(state: OrderState): SourceRef | null {
  const { url } = state.request.source;
  if (url.startsWith('file:')) return { from: 'file', path: filePathOf(url) };
  const ingested = outcomeOf(state, 'ingest');
  return ingested?.kind === 'ingest' ? ingested.source : null;
}

/** Path of a `file:` address without a host. */
export const filePathOf = (url: string): string => decodeURIComponent(new URL(url).pathname);

export function planOf(state: OrderState): EncodePlan | null {
  const prepared = outcomeOf(state, 'prepare');
  return prepared?.kind === 'plan' ? prepared.plan : null;
}

/** The finished stream; null until there is one. */
export function outputOf(state: OrderState): Output | null {
  const last = outcomeOf(state, 'package') ?? outcomeOf(state, 'prepare');
  return last && 'output' in last ? last.output : null;
}

export function chunkPrefixesOf(state: OrderState): string[] {
  const prefixes: string[] = [];
  const plan = planOf(state);
  for (let index = 0; plan && index < chunkCount(plan); index += 1) {
    const outcome = outcomeOf(state, 'encode-chunk', index);
    if (outcome?.kind === 'encode-chunk') prefixes.push(outcome.prefix);
  }
  return prefixes;
}

export function audioPrefixOf(state: OrderState): string | null {
  const outcome = outcomeOf(state, 'encode-audio');
  return outcome?.kind === 'encode-audio' ? outcome.prefix : null;
}
