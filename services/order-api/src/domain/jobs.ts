import { type Job, jobId } from '@spillway/contracts';
import {
  audioPrefixOf,
  chunkPrefixesOf,
  type JobState,
  type OrderState,
  planOf,
  sourceOf,
} from './order.ts';

/** A job that was never tried. */
export const newJob = (kind: JobState['kind'], index: number, at: string): JobState => ({
  kind,
  index,
  status: 'pending',
  progress: 0,
  outcome: null,
  attempts: [],
  estimateSeconds: null,
  timesLost: 0,
  sentAt: at,
  heardAt: at,
  endedAt: null,
});

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`the job needs ${what}`);
  return value;
}

/** The message that tells a worker all it needs: the same for the same state, so it can be sent again. */
export function jobMessage(state: OrderState, { kind, index, estimateSeconds }: JobState): Job {
  const { id: orderId, customerId, request } = state;
  const fields = {
    schemaVersion: 1 as const,
    jobId: jobId(orderId, kind, index),
    orderId,
    customerId,
    index,
    run: state.run,
    priority: request.priority,
    estimateSeconds,
  };
  const { limits } = request;
  if (kind === 'ingest') {
    return { ...fields, kind, url: request.source.url ?? null, uploaded: null, limits };
  }
  if (kind === 'prepare') {
    const source = required(sourceOf(state), 'a source');
    return {
      ...fields,
      kind,
      source,
      outputs: request.outputs,
      limits,
      captions: [],
      whole: index > 0,
    };
  }
  const plan = required(planOf(state), 'a plan');
  if (kind === 'package') {
    const chunkPrefixes = chunkPrefixesOf(state);
    const audioPrefix = audioPrefixOf(state);
    const { outputs } = request;
    return { ...fields, kind, plan, outputs, captions: [], chunkPrefixes, audioPrefix };
  }
  const source = required(sourceOf(state), 'a source');
  return { ...fields, kind, source, plan };
}
