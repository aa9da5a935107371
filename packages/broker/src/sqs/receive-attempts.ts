import type { Engine, Receipt } from '../queue/engine.ts';
import type { Queue } from '../queue/queue.ts';

const keptMilliseconds = 5 * 60 * 1000;

interface Attempt {
  receipts: Receipt[];
  at: number;
}

/**
 * ReceiveRequestAttemptId: within five minutes a FIFO receive that is tried again gets the same
 * messages and handles, as long as none of them was deleted or changed; its leases begin anew.
 */
export class ReceiveAttempts {
  readonly #engine: Engine;
  readonly #attempts = new Map<string, Attempt>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The slots of the earlier try, leased anew; undefined when there is none to repeat. */
  repeat(queue: Queue, id: string, timeout: number): number[] | undefined {
    const attempt = this.#attempts.get(`${queue.number}/${id}`);
    if (!attempt || attempt.at + keptMilliseconds <= this.#engine.now()) return undefined;
    const { receipts } = attempt;
    if (!receipts.every((receipt) => this.#engine.isLeased(queue, receipt))) return undefined;
    for (const receipt of receipts) this.#engine.changeVisibility(queue, receipt, timeout);
    return receipts.map(({ slot }) => slot);
  }

  remember(queue: Queue, id: string, slots: number[]): void {
    const now = this.#engine.now();
    for (const [key, { at }] of this.#attempts) {
      if (at + keptMilliseconds > now) break;
      this.#attempts.delete(key);
    }
    const { table } = this.#engine.messages;
    const receipts = slots.map((slot) => ({
      queue: queue.number,
      slot,
      sequence: table.sequence.get(slot),
      receives: table.receives.get(slot),
    }));
    const key = `${queue.number}/${id}`;
    this.#attempts.delete(key);
    this.#attempts.set(key, { receipts, at: now });
  }
}
