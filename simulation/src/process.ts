import { AsyncLocalStorage } from 'node:async_hooks';

const running = new AsyncLocalStorage<Process>();

/** The process whose code runs now. */
export const currentProcess = (): Process | undefined => running.getStore();

/**
 * A program that may crash: from then on none of its calls are answered and none of its timers fire,
 * so none of its code runs ever again, and all that it remembered is gone.
 */
export class Process {
  readonly name: string;
  alive = true;
  /** Was told to stop: law 4. */
  stopping = false;
  /** Stands still, as under a suspended machine. */
  frozen = false;

  constructor(name: string) {
    this.name = name;
  }

  /** Runs code as this process: timers that it sets, now or later, are its own. */
  run<T>(code: () => T): T {
    return running.run(this, code);
  }
}
