import type { BrokerEvent } from './options.ts';
import type { Engine } from './queue/engine.ts';

/** Node's timers take at most 2^31 - 1 ms. */
const longestTimer = 2 ** 31 - 1;

/** Wakes the engine when the next hidden message becomes visible: a long poll may wait for it. */
export class Alarm {
  readonly #engine: Engine;
  readonly #report: (event: BrokerEvent) => void;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(engine: Engine, report: (event: BrokerEvent) => void) {
    this.#engine = engine;
    this.#report = report;
  }

  /** Sets the timer again when a deadline is now earlier than the one it waits for. */
  set(): void {
    const { next } = this.#engine.messages.deadlines;
    if (next === undefined || next >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = next;
    const delay = Math.min(Math.max(next - this.#engine.now(), 0), longestTimer);
    this.#timer = setTimeout(() => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#advance();
      this.set();
    }, delay);
    this.#timer.unref();
  }

  /** It removes what is too old, which a full or broken disk may refuse: no reason to end the process. */
  #advance(): void {
    try {
      this.#engine.advance();
    } catch (error) {
      const details = { cause: String(error) };
      this.#report({ level: 'error', message: 'old messages could not be removed', details });
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#at = Number.NEGATIVE_INFINITY;
  }
}
