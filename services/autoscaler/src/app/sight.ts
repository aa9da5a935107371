import { type Backlog, jobQueues } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import type { Work } from '../domain/plan-workers.ts';

/** Where the work was seen: order-api's backlog, or the broker's queues when that is away. */
export type SightSource = 'backlog' | 'queues';

export interface Sight extends Work {
  readonly source: SightSource;
}

export interface SightParts {
  /** Of order-api; rejects when it cannot be had. */
  readonly readBacklog: () => Promise<Pick<Backlog, 'waiting' | 'running'>>;
  /** Of the broker. */
  readonly depth: (
    queue: string,
  ) => Promise<{ readonly waiting: number; readonly inFlight: number }>;
  readonly log: Logger;
}

/** Before anything was seen: the same guess as order-api's. */
const GUESSED_SECONDS = 30;

/** Looks at what waits and runs. */
export class Looker {
  readonly #parts: SightParts;
  #meanSeconds = GUESSED_SECONDS;
  #lastBacklogAt = performance.now();

  constructor(parts: SightParts) {
    this.#parts = parts;
  }

  /** Null when neither can be had; that was logged. */
  async look(): Promise<Sight | null> {
    try {
      return await this.#atBacklog();
    } catch (err) {
      this.#parts.log.warn({ err }, 'the backlog cannot be read; looking at the queues');
    }
    try {
      return await this.#atQueues();
    } catch (err) {
      this.#parts.log.warn({ err }, 'the queues cannot be read either');
      return null;
    }
  }

  async #atBacklog(): Promise<Sight> {
    const { waiting, running } = await this.#parts.readBacklog();
    const jobs = waiting.jobs + running.jobs;
    if (jobs > 0) this.#meanSeconds = (waiting.estimatedSeconds + running.estimatedSeconds) / jobs;
    this.#lastBacklogAt = performance.now();
    return { source: 'backlog', waiting: waiting.groups, running: running.groups };
  }

  /**
   * A queue knows how many jobs it has, and neither how long they take nor how long they wait. So they take what the
   * last ones did, and wait since the backlog was last seen.
   */
  async #atQueues(): Promise<Sight> {
    const estimateSeconds = this.#meanSeconds;
    const seconds = (performance.now() - this.#lastBacklogAt) / 1000;
    const depths = await Promise.all(
      jobQueues.map(async (queue) => ({ queue, ...(await this.#parts.depth(queue)) })),
    );
    const groupsOf = (of: 'waiting' | 'inFlight', age: number) =>
      depths
        .filter((depth) => depth[of] > 0)
        .map((depth) => ({ queue: depth.queue, jobs: depth[of], estimateSeconds, seconds: age }));
    return {
      source: 'queues',
      waiting: groupsOf('waiting', seconds),
      running: groupsOf('inFlight', estimateSeconds / 2),
    };
  }
}
