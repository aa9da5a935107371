import {
  eventId,
  JobKind,
  type Order,
  type OrderEvent,
  type OrderEventType,
  type OrderJob,
  type OrderSnapshot,
  outputFiles,
} from '@spillway/contracts';
import type { AddressesOf, StreamAddresses } from './addresses.ts';
import { isPlayable } from './early-stream.ts';
import { isEnded, type JobState, type OrderState, outcomeOf, outputOf } from './order.ts';

/** Where an order's stream is found, from the start: `ready` says when. Null when there will be none, or none any more. */
export function playbackOf(state: OrderState, { files, page }: StreamAddresses): Order['playback'] {
  const output = outputOf(state);
  if (isEnded(state) && (!output || state.expiredAt !== null)) return null;
  const { formats } = state.request.outputs;
  const urlOf = (file: string) => `${files}/playback/${file}`;
  const hasThumbnails = output?.renditions.some(({ segments }) => segments > 1) ?? false;
  return {
    ready: output !== null || isPlayable(state),
    hlsUrl: formats.includes('hls') ? urlOf(outputFiles.hls) : null,
    dashUrl: formats.includes('dash') ? urlOf(outputFiles.dash) : null,
    posterUrl: urlOf(outputFiles.poster),
    thumbnailsUrl: hasThumbnails ? urlOf(outputFiles.thumbnails) : null,
    mp4Url: formats.includes('mp4') ? urlOf(outputFiles.mp4) : null,
    playUrl: page,
  };
}

function deliveryOf(state: OrderState): Order['delivery'] {
  const outcome = outcomeOf(state, 'deliver');
  return outcome?.kind === 'deliver' ? outcome.delivery : null;
}

/** The order as the API shows it. */
export function orderView(state: OrderState, addresses: StreamAddresses): Order {
  const output = outputOf(state);
  const { source, outputs, priority, webhook, metadata } = state.request;
  return {
    id: state.id,
    customerId: state.customerId,
    status: state.status,
    stage: state.stage,
    progress: state.progress,
    source,
    outputs,
    priority,
    webhook,
    metadata: { ...metadata },
    playback: playbackOf(state, addresses),
    renditions: output?.renditions ?? [],
    delivery: deliveryOf(state),
    durationSeconds: output?.durationSeconds ?? null,
    error: state.error,
    warnings: [...state.warnings],
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    playableAt: state.playableAt,
    retriedAt: state.retriedAt,
    endedAt: state.endedAt,
  };
}

/** The jobs as the API shows them, in the order of the work. */
export function jobsView({ jobs }: OrderState): OrderJob[] {
  const byStep = (a: JobState, b: JobState) =>
    JobKind.options.indexOf(a.kind) - JobKind.options.indexOf(b.kind) || a.index - b.index;
  return Object.values(jobs)
    .sort(byStep)
    .map(({ attempts, outcome, ...job }) => ({
      ...job,
      attempts: attempts.map(({ segments, log, exit = null, ...attempt }) => ({
        ...attempt,
        exit,
        log: [...log],
      })),
    }));
}

/** What `playbackOf` goes by, but for the addresses: a signed one is new every time. */
const playbackState = (state: OrderState): string =>
  [isEnded(state), outputOf(state) !== null, isPlayable(state)].join();

type ChangedField = OrderSnapshot['changed'][number];

/** The fields of the snapshot that a change has touched. */
function changedFields(before: OrderState, after: OrderState): ChangedField[] {
  const isOther: Record<ChangedField, boolean> = {
    status: before.status !== after.status,
    stage: before.stage !== after.stage,
    progress: before.progress !== after.progress,
    error: before.error !== after.error,
    playback: playbackState(before) !== playbackState(after),
    warnings: before.warnings.join('\n') !== after.warnings.join('\n'),
  };
  return (Object.keys(isOther) as ChangedField[]).filter((field) => isOther[field]);
}

/** The event of the state's own sequence number. `before` is null for a new order. */
export function eventOf(
  before: OrderState | null,
  state: OrderState,
  type: OrderEventType,
  at: string,
  addressesOf: AddressesOf,
): OrderEvent {
  const { id, customerId, status, stage, progress, error, playback, metadata, warnings } =
    orderView(state, addressesOf(state, at));
  const changed = before ? changedFields(before, state) : [];
  return {
    schemaVersion: 1,
    id: eventId(id, state.sequence),
    type,
    sequence: state.sequence,
    orderId: id,
    occurredAt: at,
    order: {
      ...{ id, customerId, status, stage, progress, error, playback, metadata, warnings },
      changed,
    },
  };
}
