/** A worker that fails so soon after it was ready has done nothing yet. */
const TOO_SOON_MS = 15_000;
/** No worker that finds nothing to do leaves sooner: one that was launched and is gone by then has failed. */
const LEAST_LIFE_MS = 10_000;
/** One that is not listed for so long will not be again; until then it may turn out that it failed. */
const FORGOTTEN_MS = 600_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

interface SeenWorker {
  readonly id: string;
  readonly state: 'starting' | 'ready' | 'failed';
}

interface Known {
  /** Null: it was not ready yet. */
  readonly readyAt: number | null;
  readonly seenAt: number;
  readonly hasFailed: boolean;
}

/**
 * Sees that workers fail as soon as they start, by a wrong setting for example, and makes the pauses between
 * launches longer: else they would be launched, and paid for, every few seconds for ever. A worker that is just
 * gone has left by itself, however soon. Times are milliseconds of any clock.
 */
export class FailedStarts {
  readonly #known = new Map<string, Known>();
  #lookedAt: number | null = null;
  #expected = 0;
  #inARow = 0;
  #pauseUntil = Number.NEGATIVE_INFINITY;

  /** So many were launched since the last look. */
  launched(count: number): void {
    this.#expected += count;
  }

  /** Answers how many failed since the last look. */
  see(workers: readonly SeenWorker[], now: number): number {
    const appeared = workers.filter(({ id }) => !this.#wasListed(id)).length;
    const failedNow = workers.filter((worker) => this.#failsNow(worker)).length;
    const neverSeen = this.#isSoon(now) ? Math.max(0, this.#expected - appeared) : 0;
    const failed = failedNow + neverSeen;
    for (const worker of workers) this.#remember(worker, now);
    for (const [id, { seenAt }] of this.#known) {
      if (now - seenAt > FORGOTTEN_MS) this.#known.delete(id);
    }
    this.#expected = 0;
    this.#lookedAt = now;
    if (workers.some(({ id, state }) => state === 'ready' && this.#works(id))) this.#inARow = 0;
    if (failed > 0) this.#pause(now);
    return failed;
  }

  /** Seconds until the next launch, 0 for now. */
  pauseSeconds(now: number): number {
    return Math.max(0, this.#pauseUntil - now) / 1000;
  }

  /** Launches come right after a look. */
  #isSoon(now: number): boolean {
    return this.#lookedAt !== null && now - this.#lookedAt < LEAST_LIFE_MS;
  }

  /** At the last look. */
  #wasListed(id: string): boolean {
    return this.#lookedAt !== null && this.#known.get(id)?.seenAt === this.#lookedAt;
  }

  /** At the first look it is not known what those had done that failed. */
  #failsNow({ id, state }: SeenWorker): boolean {
    if (state !== 'failed' || this.#lookedAt === null) return false;
    return !this.#known.get(id)?.hasFailed && !this.#works(id);
  }

  #works(id: string): boolean {
    const { readyAt = null, seenAt = 0 } = this.#known.get(id) ?? {};
    return readyAt !== null && seenAt - readyAt >= TOO_SOON_MS;
  }

  #remember({ id, state }: SeenWorker, now: number): void {
    // Of those that are ready at the first look nobody knows since when.
    const since = this.#lookedAt === null ? Number.NEGATIVE_INFINITY : now;
    const readyAt = this.#known.get(id)?.readyAt ?? (state === 'ready' ? since : null);
    this.#known.set(id, { readyAt, seenAt: now, hasFailed: state === 'failed' });
  }

  #pause(now: number): void {
    this.#pauseUntil = now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#inARow);
    this.#inARow += 1;
  }
}
