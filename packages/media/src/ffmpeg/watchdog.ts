import { readdirSync, readFileSync } from 'node:fs';

/**
 * How long the thread of a process that waited most for a processor has waited so far, ms. The second number of
 * `schedstat` says it in ns (Linux's sched-stats.rst). 0 where the system does not tell, or the process has gone.
 */
export function waitedForProcessorMs(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const waited = threads.map((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
      return Number(text.split(' ')[1]) / 1e6;
    });
    return Math.max(...waited);
  } catch {
    return 0;
  }
}

export interface WatchdogParts {
  readonly stallSeconds: number;
  /** How long the program has waited for a processor so far, ms. */
  readonly waitedMs: () => number;
  readonly onStall: () => void;
}

/** Ends a program that makes no progress, but not one that waits for a reader, or for a processor that others have. */
export class Watchdog {
  stalled = false;
  readonly #parts: WatchdogParts;
  readonly #halfMs: number;
  readonly #timer: NodeJS.Timeout;
  #readers = 0;
  /** At the look before, half of the time ago; null when there was progress since. */
  #waitedMs: number | null = null;

  constructor(parts: WatchdogParts) {
    this.#parts = parts;
    this.#halfMs = parts.stallSeconds * 500;
    this.#timer = setTimeout(() => this.#look(), this.#halfMs);
  }

  progress(): void {
    this.#waitedMs = null;
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /**
   * The bytes of a pipe. From one to the next, it is the reader that is waited for. They end when the program
   * has ended, so that a reader that finds them cut off can be told apart from one that refuses them.
   */
  async *watched(bytes: AsyncIterable<Buffer>, exited: Promise<unknown>): AsyncGenerator<Buffer> {
    for await (const some of bytes) {
      this.#readers += 1;
      try {
        yield some;
      } finally {
        this.#readers -= 1;
        this.progress();
      }
    }
    await exited;
  }

  #look(): void {
    const before = this.#waitedMs;
    const now = this.#parts.waitedMs();
    this.#waitedMs = now;
    const isStarved = before !== null && now - before > this.#halfMs / 2;
    if (before === null || isStarved || this.#readers > 0) {
      this.#timer.refresh();
      return;
    }
    this.stalled = true;
    this.#parts.onStall();
  }
}
