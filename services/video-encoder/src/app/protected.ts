import { setTimeout as wait } from 'node:timers/promises';

/** What keeps a platform from choosing this worker when it has one too many. */
export interface Protection {
  /** False when it was refused, or could not be asked for; never throws, nor does `release`. */
  take(): Promise<boolean>;
  release(): Promise<void>;
}

/** Jobs are taken, until it leaves by itself or is stopped. */
export interface Taking {
  /** Resolves when it takes no more jobs because it was idle for long, and has none in hand. */
  readonly left: Promise<void>;
  stop(graceSeconds: number): Promise<void>;
}

export interface ProtectedParts {
  readonly protection: Protection;
  /** Whether a job waits that this worker could do; false as well when that is not known. */
  readonly somethingWaits: () => Promise<boolean>;
  /** Begins to take jobs. */
  readonly begin: () => Taking;
  /** Between two looks at what waits. */
  readonly lookSeconds: number;
  /** After a refusal: a worker that is being replaced gets no other answer. */
  readonly refusedSeconds: number;
}

/**
 * Takes jobs only under protection, so that no moment is left in which the platform could choose a worker
 * that is just being handed a job. The protection is asked for when something waits and given back when the
 * worker was idle: not more often, for the platform limits how often.
 */
export function takeProtected(parts: ProtectedParts): Taking {
  const stopping = new AbortController();
  let taking: Taking | undefined;

  const rest = (seconds: number) =>
    wait(seconds * 1000, undefined, { signal: stopping.signal }).catch(() => {});

  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (!(await parts.somethingWaits())) await rest(parts.lookSeconds);
      else if (stopping.signal.aborted) return;
      else if (!(await parts.protection.take())) await rest(parts.refusedSeconds);
      else await takeUntilIdle();
    }
  };
  const takeUntilIdle = async (): Promise<void> => {
    try {
      if (stopping.signal.aborted) return;
      taking = parts.begin();
      const stopped = new Promise<void>((resolve) =>
        stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      await Promise.race([taking.left, stopped]);
      // A stop in the same moment waits for what is in hand itself.
      await ended;
    } finally {
      taking = undefined;
      await parts.protection.release();
    }
  };
  let ended: Promise<void> | undefined;
  const working = work();
  return {
    left: new Promise(() => {}),
    async stop(graceSeconds) {
      ended = taking?.stop(graceSeconds);
      stopping.abort();
      await ended;
      await working;
    },
  };
}
