import { ServiceError } from '../protocol/errors.ts';

/** AWS, "Amazon SQS FIFO queue quotas": requests a second; a batch is one request. */
const requestsPerSecond = 300;

const throttled = (): ServiceError =>
  new ServiceError({ code: 'ThrottlingException', message: 'Rate exceeded' });

/** Counts the requests to FIFO queues in each second. */
export class FifoLimits {
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  #second = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws ServiceError ThrottlingException when `key` had its requests of this second */
  admit(key: string): void {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) this.#counts.clear();
    this.#second = second;
    const count = this.#counts.get(key) ?? 0;
    if (count >= requestsPerSecond) throw throttled();
    this.#counts.set(key, count + 1);
  }
}
