/** What a queue holds. */
interface Depth {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** One look at a queue of jobs, at that of the results, and at the outbox. */
export interface Seen {
  readonly lane: Depth;
  readonly results: Depth;
  readonly outbox: { readonly waiting: number; readonly oldestSeconds: number };
}

/** What looks at a lane have shown. */
export interface Standing {
  /** Since when nothing at all was under way at any look, ms since 1970; null while something is. */
  readonly quietSince: number | null;
  /** Nothing waits: a job that is not lost is with a worker. */
  readonly drained: boolean;
}

/** A job is lost when nothing was under way for so long, at every look, and it has still not ended. */
const QUIET_MS = 120_000;
/**
 * Workers tell of a job every few seconds, so one that is in no queue and was not heard of for so long is
 * with nobody. Doubled each time that it was taken for lost: a job that does not tell may be at work.
 */
const SILENT_MS = 600_000;

const messagesOf = ({ waiting, inFlight, delayed }: Depth): number => waiting + inFlight + delayed;

/** `before` is the standing by the look before, null for the first. */
export function standingOf(
  { lane, results, outbox }: Seen,
  before: Standing | null,
  now: number,
): Standing {
  const isQuiet = messagesOf(lane) + messagesOf(results) + outbox.waiting === 0;
  const waits = lane.waiting + lane.delayed + results.waiting + results.delayed;
  return {
    quietSince: isQuiet ? (before?.quietSince ?? now) : null,
    drained: waits === 0 && outbox.oldestSeconds * 1000 < SILENT_MS,
  };
}

/**
 * How long a job of the lane may be silent before it is lost, in ms; null while its message may wait in
 * the queue.
 */
export function lostPatience(
  standing: Standing | undefined,
  timesLost: number,
  now: number,
): number | null {
  if (!standing) return null;
  const { quietSince, drained } = standing;
  if (quietSince !== null && now - quietSince >= QUIET_MS) return QUIET_MS;
  return drained ? SILENT_MS * 2 ** timesLost : null;
}
