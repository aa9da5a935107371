/** A worker that ends so soon after it was ready has failed: an idle one stays for longer. */
const TOO_SOON_MS = 15_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

interface SeenWorker {
  readonly id: string;
  readonly state: 'starting' | 'ready';
}

/**
 * Sees that workers fail as soon as they start, by a wrong setting for example, and makes the pauses between
 * launches longer: else they would be launched, and paid for, every few seconds for ever. Times are
 * milliseconds of any clock.
 */
export class FailedStarts {
  /** By id: since when it is ready. */
  #known = new Map<string, number | null>();
  #expected = 0;
  #inARow = 0;
  #pauseUntil = Number.NEGATIVE_INFINITY;

  /** So many were launched since the last look. */
  launched(count: number): void {
    this.#expected += count;
  }

  /** Answers how many failed since the last look. */
  see(workers: readonly SeenWorker[], now: number): number {
    const before = this.#known;
    this.#known = new Map(
      workers.map(({ id, state }) => [id, state === 'ready' ? (before.get(id) ?? now) : null]),
    );
    const gone = [...before].filter(([id]) => !this.#known.has(id));
    const goneTooSoon = gone.filter(([, ready]) => ready === null || now - ready < TOO_SOON_MS);
    const appeared = workers.filter(({ id }) => !before.has(id)).length;
    // One may also be listed by another name from some time on: what counts is how many are missing.
    const failed = Math.max(0, this.#expected + goneTooSoon.length - appeared);
    this.#expected = 0;
    const works = [...this.#known.values()].some(
      (ready) => ready !== null && now - ready >= TOO_SOON_MS,
    );
    if (works) this.#inARow = 0;
    if (failed > 0) this.#pause(now);
    return failed;
  }

  /** Seconds until the next launch, 0 for now. */
  pauseSeconds(now: number): number {
    return Math.max(0, this.#pauseUntil - now) / 1000;
  }

  #pause(now: number): void {
    this.#pauseUntil = now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#inARow);
    this.#inARow += 1;
  }
}
