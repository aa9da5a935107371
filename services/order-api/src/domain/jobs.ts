import { JOB_SCHEMA_VERSION, type Job, jobId, outputFiles } from '@spillway/contracts';
import {
  audioPrefixOf,
  captionsOf,
  chunkPrefixesOf,
  cutCaptionsOf,
  type JobState,
  type OrderRequest,
  type OrderState,
  outputOf,
  planOf,
  sourceOf,
} from './order.ts';
import { fileOfStream, isOfChunks, partPrefixesOf } from './stream-files.ts';

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

/** The source is of number 0, captions come behind it. */
function whatToBring({ source, outputs, uploads }: OrderRequest, index: number) {
  if (index === 0) return { url: source.url ?? null, uploaded: null, language: null };
  const { url = null, uploadId, language } = required(outputs.captions[index - 1], 'captions');
  const uploaded = uploadId === undefined ? null : required(uploads[uploadId], 'an upload');
  return { url, uploaded, language };
}

function whatToDeliver(state: OrderState) {
  const { prefix: outputPrefix } = required(outputOf(state), 'an output');
  return {
    destination: required(state.request.outputs.destination, 'a destination'),
    outputPrefix,
    partPrefixes: partPrefixesOf(state),
    posterKey: isOfChunks(state) ? fileOfStream(state, outputFiles.poster) : null,
  };
}

/** The message that tells a worker all it needs: the same for the same state, so it can be sent again. */
export function jobMessage(state: OrderState, { kind, index, estimateSeconds }: JobState): Job {
  const { id: orderId, customerId, request } = state;
  const fields = {
    schemaVersion: JOB_SCHEMA_VERSION,
    jobId: jobId(orderId, kind, index),
    orderId,
    customerId,
    index,
    run: state.run,
    priority: request.priority,
    estimateSeconds,
  };
  const { limits } = request;
  if (kind === 'ingest') return { ...fields, kind, limits, ...whatToBring(request, index) };
  if (kind === 'prepare') {
    const source = required(sourceOf(state), 'a source');
    return {
      ...fields,
      kind,
      source,
      outputs: request.outputs,
      limits,
      captions: captionsOf(state),
      whole: index > 0,
    };
  }
  if (kind === 'deliver') return { ...fields, kind, ...whatToDeliver(state) };
  const plan = required(planOf(state), 'a plan');
  if (kind === 'package') {
    const chunkPrefixes = chunkPrefixesOf(state);
    const audioPrefix = audioPrefixOf(state);
    const captions = cutCaptionsOf(state);
    const { outputs } = request;
    return { ...fields, kind, plan, outputs, captions, chunkPrefixes, audioPrefix };
  }
  const source = required(sourceOf(state), 'a source');
  return { ...fields, kind, source, plan };
}
