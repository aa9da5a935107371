export interface IdleLimits {
  /** Without a job in hand. */
  readonly idleSeconds: number;
  /** A worker that was paid for by the minute has nothing to win by leaving before. */
  readonly leastLifeSeconds: number;
}

/** Knows when there has been no job in hand for so long. */
export class IdleTimer {
  readonly #limits: IdleLimits;
  readonly #idle = Promise.withResolvers<void>();
  readonly #bornAt = performance.now();
  #inHand = 0;
  #stopped = false;
  #timer: NodeJS.Timeout;

  constructor(limits: IdleLimits) {
    this.#limits = limits;
    this.#timer = this.#wind();
  }

  /** Resolves once, and not after `stop`. */
  get isIdle(): Promise<void> {
    return this.#idle.promise;
  }

  /** Is busy until `work` has settled. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#inHand += 1;
    clearTimeout(this.#timer);
    try {
      return await work();
    } finally {
      this.#inHand -= 1;
      if (this.#inHand === 0 && !this.#stopped) this.#timer = this.#wind();
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wind(): NodeJS.Timeout {
    const ageSeconds = (performance.now() - this.#bornAt) / 1000;
    const { idleSeconds, leastLifeSeconds } = this.#limits;
    const seconds = Math.max(idleSeconds, leastLifeSeconds - ageSeconds);
    return setTimeout(this.#idle.resolve, seconds * 1000);
  }
}
