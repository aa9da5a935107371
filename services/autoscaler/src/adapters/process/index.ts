import type { Logger, Running } from '@spillway/runtime';
import type { LaunchAnswer, Worker, WorkerTarget } from '../../app/ports.ts';

/** A worker in this process. */
export interface LocalWorker extends Running {
  /** Resolves when it has left by itself: it is to be closed then. */
  readonly left: Promise<void>;
}

/** `number` is from 1, and no other worker that is there has it. */
export type StartLocalWorker = (number: number) => Promise<LocalWorker>;

interface Seat {
  readonly startedAt: string;
  readonly starting: Promise<LocalWorker>;
  /** Null until it has started. */
  worker: LocalWorker | null;
  /** Once it leaves. */
  closed: Promise<void> | null;
}

/** Workers in this process: where everything runs on one machine. They end with it. */
export class ProcessTarget implements WorkerTarget {
  readonly name = 'process';
  readonly #start: StartLocalWorker;
  readonly #log: Logger;
  /** By number. */
  readonly #seats = new Map<number, Seat>();

  constructor(start: StartLocalWorker, log: Logger) {
    this.#start = start;
    this.#log = log;
  }

  /** Nobody is there to take jobs, or will be in a moment. */
  get isEmpty(): boolean {
    return [...this.#seats.values()].every(({ closed }) => closed !== null);
  }

  async list(): Promise<Worker[]> {
    return [...this.#seats].map(([number, { startedAt, worker }]) => ({
      id: String(number),
      startedAt,
      state: worker ? 'ready' : 'starting',
    }));
  }

  /** Never rejects, so that no launch is ever repeated; resolves when they take jobs. */
  async launch(count: number): Promise<LaunchAnswer> {
    const started = await Promise.all(Array.from({ length: count }, () => this.#launchOne()));
    const launched = started.filter(Boolean).length;
    const failed = count - launched;
    return { launched, refused: failed > 0 ? [{ reason: 'failed_to_start', count: failed }] : [] };
  }

  /** Also those that are about to start: they would take jobs while what they need is being closed. */
  async close(): Promise<void> {
    await Promise.all([...this.#seats.keys()].map((number) => this.#closeWorker(number)));
  }

  async #launchOne(): Promise<boolean> {
    let number = 1;
    while (this.#seats.has(number)) number += 1;
    const starting = this.#start(number);
    const startedAt = new Date().toISOString();
    const seat: Seat = { startedAt, starting, worker: null, closed: null };
    this.#seats.set(number, seat);
    try {
      seat.worker = await starting;
      void seat.worker.left.then(() => this.#closeWorker(number));
      return true;
    } catch (err) {
      this.#seats.delete(number);
      this.#log.error({ err, worker: number }, 'a worker did not start');
      return false;
    }
  }

  /** Its seat is taken until its files are gone. Never rejects. */
  async #closeWorker(number: number): Promise<void> {
    const seat = this.#seats.get(number);
    const worker = seat?.worker ?? (await seat?.starting.catch(() => null));
    if (!seat || !worker) return;
    seat.closed ??= worker
      .close()
      .catch((err: unknown) => this.#log.error({ err, worker: number }, 'did not stop cleanly'));
    await seat.closed;
    this.#seats.delete(number);
  }
}
