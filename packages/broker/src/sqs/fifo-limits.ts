import { ServiceError } from '../protocol/errors.ts';
import type { Input } from '../protocol/input.ts';
import { type Action, queueOf } from './context.ts';

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

function groupsIn(input: Input): Set<string> {
  const entries = input.has('Entries') ? input.entries('Entries') : [input];
  return new Set(entries.map((entry) => entry.text('MessageGroupId') ?? ''));
}

/**
 * The action under the quotas of FIFO queues, where they are switched on: `kind` in the whole queue
 * (FifoThroughputLimit `perQueue`), or sends of each message group (`perMessageGroupId`).
 */
export function limited(kind: 'send' | 'receive' | 'delete' | 'change', action: Action): Action {
  return (input, context) => {
    const { fifoLimits } = context;
    if (!fifoLimits) return action(input, context);
    const { fifo, number, document } = queueOf(input, context);
    const perGroup = document.attributes.FifoThroughputLimit === 'perMessageGroupId';
    if (fifo && !perGroup) fifoLimits.admit(`${number}/${kind}`);
    if (fifo && perGroup && kind === 'send') {
      for (const group of groupsIn(input)) fifoLimits.admit(`${number}/${kind}/${group}`);
    }
    return action(input, context);
  };
}
