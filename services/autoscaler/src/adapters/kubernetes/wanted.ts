/** Jobs that KEDA was asked for and has not made by then, it will not make: a refusal of its own is in its log. */
const PATIENCE_MS = 60_000;

/**
 * How many Jobs KEDA is told to have, so that what it launches is what the plan launches.
 *
 * Its strategy `default` makes `min(wanted, max) - unfinished` Jobs at each poll. It is told how many there
 * shall be, workers that are there included, and not how many more: so a poll that comes twice launches nothing
 * twice. While nothing is missing it is told 0, because it would replace workers that leave in the meantime.
 */
export class WantedJobs {
  #known: ReadonlySet<string> = new Set();
  /** Jobs that there shall be; counts only while some are missing. */
  #level = 0;
  #since = 0;
  #lastToken: string | null = null;

  /** What KEDA is told. */
  get told(): number {
    return this.missing === 0 ? 0 : this.#level;
  }

  get missing(): number {
    return Math.max(0, this.#level - this.#known.size);
  }

  /** When the Jobs that are missing were asked for, milliseconds since 1970. */
  get since(): number {
    return this.#since;
  }

  /** The workers that there are. Answers how many KEDA has not made and is no longer asked for. */
  seen(ids: readonly string[], now: number): number {
    const left = [...this.#known].filter((id) => !ids.includes(id)).length;
    const missingBefore = this.missing;
    this.#known = new Set(ids);
    // Whoever leaves is not to be replaced.
    if (missingBefore > 0) this.#level -= left;
    const { missing } = this;
    const givenUp = now - this.#since > PATIENCE_MS ? missing : 0;
    if (missing === givenUp) this.#level = 0;
    return givenUp;
  }

  /** So many more. The same token again asks for nothing more. */
  ask(count: number, token: string, now: number): void {
    if (token === this.#lastToken) return;
    this.#lastToken = token;
    this.#level = this.#known.size + this.missing + count;
    this.#since = now;
  }
}
