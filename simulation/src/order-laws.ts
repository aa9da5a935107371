import {
  captionsFiles,
  hasEnded,
  type Outcome,
  outputFiles,
  reportFile,
} from '@spillway/contracts';
import { earlySoundOf } from '../../services/order-api/src/domain/early-stream.ts';
import {
  audioPrefixOf,
  chunkPrefixesOf,
  cutCaptionsOf,
  isEnded,
  type JobState,
  type OrderState,
  outputOf,
} from '../../services/order-api/src/domain/order.ts';
import type { Step } from '../../services/order-api/src/domain/reduce.ts';
import type { Film } from './films.ts';
import type { Breach } from './world.ts';

// What holds of one order, by its states alone: pure.

/** Objects that must stay: those of the output, and before there is one all that was won. */
export function neededPrefixes(state: OrderState): string[] {
  const output = outputOf(state);
  const joined = state.jobs['package/0']?.outcome?.kind;
  if (!output) {
    // Chunks that do not fit are of no use.
    return Object.values(state.jobs)
      .filter(({ kind, outcome }) => {
        return joined !== 'unfit' || !(kind.startsWith('encode-') || outcome?.kind === 'plan');
      })
      .flatMap(({ outcome }) => prefixOf(outcome) ?? []);
  }
  const captions = cutCaptionsOf(state)?.prefix ?? null;
  const parts = [...chunkPrefixesOf(state), audioPrefixOf(state), captions];
  return [output.prefix, ...(joined === 'package' ? parts : [])].filter(
    (prefix) => prefix !== null,
  );
}

/** Sound that early playlists name: a viewer may be at it. */
export function playedPrefixes(state: OrderState): string[] {
  const sound = isEnded(state) || state.playableAt === null ? null : earlySoundOf(state);
  return sound ? [sound.prefix] : [];
}

const playedSegments = (state: OrderState): number =>
  (state.playableAt !== null && earlySoundOf(state)?.segments) || 0;

function prefixOf(outcome: Outcome | null): string | null {
  if (!outcome || outcome.kind === 'unfit') return null;
  if (outcome.kind === 'plan') return outcome.captions?.prefix ?? null;
  if (outcome.kind === 'deliver') return null;
  if (outcome.kind === 'ingest')
    return outcome.source.from === 'object' ? outcome.source.key : null;
  if (outcome.kind === 'captions') return outcome.key;
  return 'output' in outcome ? outcome.output.prefix : outcome.prefix;
}

/** The object that says that a winner's files are there: the last that its worker writes. */
function lastObject(outcome: Outcome): string | null {
  const prefix = prefixOf(outcome);
  if (prefix === null || outcome.kind === 'ingest' || outcome.kind === 'captions') return prefix;
  if (outcome.kind === 'plan')
    return `${prefix}${outcome.captions?.tracks.at(-1)?.name}/${captionsFiles.all}`;
  return prefix + ('output' in outcome ? outputFiles.hls : reportFile);
}

/** Law 2: the first object of a new winner that is not there; null when all are. */
export function missingObject(
  before: OrderState | null,
  after: OrderState,
  has: (key: string) => boolean,
): string | null {
  for (const [key, { outcome }] of Object.entries(after.jobs)) {
    if (!outcome || outcome === before?.jobs[key]?.outcome) continue;
    const object = lastObject(outcome);
    if (object !== null && !has(object)) return object;
  }
  return null;
}

/** Laws 2 and 5: what a step may make of an order. */
export function checkStep(before: OrderState | null, step: Step): Breach[] {
  const { state, events } = step;
  const breaches: Breach[] = [];
  const breaks = (law: string, what: string) =>
    breaches.push({ law, what: `${state.id}: ${what}` });
  const last = before?.sequence ?? 0;
  if (events.some(({ sequence }, index) => sequence !== last + index + 1)) {
    breaks('2', `the events after ${last} have a hole`);
  }
  if (state.sequence !== last + events.length) breaks('2', 'an event was not told');
  if (hasEnded(state.status) && events.at(-1)?.type !== `order.${state.status}`) {
    breaks('2', `its end, ${state.status}, was not told`);
  }
  if (!before) return breaches;
  const begunAgain = state.run > before.run;
  if (isEnded(before) && !begunAgain) breaks('2', `${before.status} became ${state.status}`);
  if (begunAgain && !isEnded(before)) breaks('2', 'it was begun again before it had ended');
  if (!begunAgain && playedSegments(state) < playedSegments(before)) {
    breaks('2', 'its sound has become shorter while it plays');
  }
  const chunksBeginAgain = state.ffmpegBuild === null && before.ffmpegBuild !== null;
  for (const [key, job] of Object.entries(before.jobs)) {
    const now = state.jobs[key];
    if (!job.outcome || (chunksBeginAgain && job.kind === 'encode-chunk')) continue;
    if (!now || now.outcome !== job.outcome) breaks('2', `the winner of ${key} was replaced`);
  }
  for (const [key, job] of Object.entries(state.jobs)) {
    const winners = job.attempts.filter(({ status }) => status === 'succeeded');
    if (winners.length > 1) breaks('2', `${key} has ${winners.length} winners`);
  }
  for (const [key, job] of Object.entries(state.jobs)) {
    if (isNewlySent(before.jobs[key], job) && !step.jobs.some((sent) => sent.jobId.endsWith(key))) {
      breaks('5', `${key} is to be done and was sent to nobody`);
    }
  }
  return breaches;
}

const isNewlySent = (before: JobState | undefined, now: JobState): boolean =>
  now.status === 'pending' && before?.status !== 'pending';

export interface EndReasons {
  readonly wasCanceled: boolean;
  readonly wasTooOld: boolean;
}

/** Law 6: an order ends as it deserves; what is wrong with the end, null when nothing is. */
export function checkEnd(
  { id, status, error }: OrderState,
  film: Film | undefined,
  { wasCanceled, wasTooOld }: EndReasons,
): string | null {
  const flaw = film?.flaw ?? null;
  if (status === 'completed' && flaw) return `${id} completed although it is ${flaw.code}`;
  if (status === 'canceled' && !wasCanceled) return `${id} was canceled by nobody`;
  if (status === 'timed_out' && !wasTooOld) return `${id} timed out before its time`;
  if (status !== 'failed') return null;
  const fair = [flaw?.code, 'job_lost', 'encode_failed', 'source_unreachable'];
  return error && fair.includes(error.code) ? null : `${id} failed as ${error?.code ?? 'nothing'}`;
}
