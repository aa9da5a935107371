import {
  type CreateOrder,
  type CutCaptions,
  chunkCount,
  type EncodePlan,
  type Failure,
  hasEnded,
  type JobKind,
  type OrderStatus,
  type Outcome,
  type Output,
  type Outputs,
  type SourceLimits,
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
  /** Of the sound: so many from the first are in the object store; null of other kinds. */
  readonly segments: number | null;
  readonly ffmpegBuild: string | null;
  readonly error: Failure | null;
  /** How ffmpeg ended; missing in what an older program wrote. */
  readonly exit?: string | null;
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
  /** When a worker last told of it; when it was sent, until then. */
  readonly heardAt: string;
  readonly endedAt: string | null;
}

/** What was ordered, with every default filled in. */
export type OrderRequest = Required<Pick<CreateOrder, 'source' | 'priority' | 'playback'>> & {
  /** The uploads that it names, as they were when it was accepted. */
  readonly uploads: Readonly<Record<string, SourceRef>>;
  readonly outputs: Outputs;
  /** Of the source; null: the worker's own. */
  readonly limits: SourceLimits | null;
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
  /** 0 to 1; never goes back, unless the order is begun again. */
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
  /** How often it was begun again after an end (`retry`), and when last. */
  readonly run: number;
  readonly retriedAt: string | null;
  readonly endedAt: string | null;
  /** When its files were given up (retention): nothing plays, and it cannot be begun again. */
  readonly expiredAt: string | null;
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

export const outcomeOf = (state: OrderState, kind: JobKind, index = 0): Outcome | null =>
  state.jobs[jobKey({ kind, index })]?.outcome ?? null;

/** Null until there is something that ffmpeg can read. */
export function sourceOf(state: OrderState): SourceRef | null {
  const { source, uploads } = state.request;
  const { url, uploadId } = source;
  if (uploadId !== undefined) return uploads[uploadId] ?? null;
  if (url?.startsWith('file:')) return { from: 'file', path: filePathOf(url) };
  const ingested = outcomeOf(state, 'ingest');
  return ingested?.kind === 'ingest' ? ingested.source : null;
}

/** Path of a `file:` address without a host. */
export const filePathOf = (url: string): string => decodeURIComponent(new URL(url).pathname);

export function planOf(state: OrderState): EncodePlan | null {
  const prepared = outcomeOf(state, 'prepare');
  return prepared?.kind === 'plan' ? prepared.plan : null;
}

/** Captions that were brought so far, in the order of the request. */
export function captionsOf(state: OrderState): { key: string }[] {
  return state.request.outputs.captions.flatMap((_, index) => {
    const brought = outcomeOf(state, 'ingest', index + 1);
    return brought?.kind === 'captions' ? [{ key: brought.key }] : [];
  });
}

/** Captions that are cut like the picture of the plan; null of an order without. */
export function cutCaptionsOf(state: OrderState): CutCaptions | null {
  const prepared = outcomeOf(state, 'prepare');
  return prepared?.kind === 'plan' ? (prepared.captions ?? null) : null;
}

/** Where an output comes from, the last first: the chunks, the source encoded whole after all, or at once. */
const OUTPUTS = [
  ['package', 0],
  ['prepare', 1],
  ['prepare', 0],
] as const;

/** The finished stream; null until there is one. */
export function outputOf(state: OrderState): Output | null {
  for (const [kind, index] of OUTPUTS) {
    const outcome = outcomeOf(state, kind, index);
    if (outcome && 'output' in outcome) return outcome.output;
  }
  return null;
}

export const chunkPrefixOf = (state: OrderState, index: number): string | null => {
  const outcome = outcomeOf(state, 'encode-chunk', index);
  return outcome?.kind === 'encode-chunk' ? outcome.prefix : null;
};

/** Of the chunks that are there, in the order of the film. */
export function chunkPrefixesOf(state: OrderState): string[] {
  const plan = planOf(state);
  const count = plan ? chunkCount(plan) : 0;
  return Array.from({ length: count }, (_, index) => chunkPrefixOf(state, index)).filter(
    (prefix) => prefix !== null,
  );
}

export function audioPrefixOf(state: OrderState): string | null {
  const outcome = outcomeOf(state, 'encode-audio');
  return outcome?.kind === 'encode-audio' ? outcome.prefix : null;
}
