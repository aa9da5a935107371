import type { SimulatedJob } from './traces.ts';

/** In which order jobs are taken. */
export type Order = 'first_come' | 'longest_first';

/** Jobs that wait, in the order in which they are taken. A job that is given back gets its old place. */
export class Queue {
  #jobs: SimulatedJob[] = [];
  #first = 0;
  readonly #rank: (job: SimulatedJob) => number;

  constructor(order: Order) {
    this.#rank = order === 'first_come' ? (job) => job.arrival : (job) => -job.estimateSeconds;
  }

  get length(): number {
    return this.#jobs.length - this.#first;
  }

  put(job: SimulatedJob): void {
    let low = this.#first;
    let high = this.#jobs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#jobs[middle];
      if (other && this.#rank(other) <= this.#rank(job)) low = middle + 1;
      else high = middle;
    }
    this.#jobs.splice(low, 0, job);
  }

  take(): SimulatedJob | undefined {
    const job = this.#jobs[this.#first];
    if (!job) return undefined;
    this.#first += 1;
    if (this.#first > 1000) {
      this.#jobs = this.#jobs.slice(this.#first);
      this.#first = 0;
    }
    return job;
  }

  *[Symbol.iterator](): Generator<SimulatedJob> {
    for (let index = this.#first; index < this.#jobs.length; index += 1) {
      const job = this.#jobs[index];
      if (job) yield job;
    }
  }
}
