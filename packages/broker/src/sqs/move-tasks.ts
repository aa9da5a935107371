import { randomUUID } from 'node:crypto';
import type { BrokerEvent } from '../options.ts';
import type { Engine } from '../queue/engine.ts';
import type { Queue } from '../queue/queue.ts';

export type MoveStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** A move task as it is kept, so that it goes on after a restart. */
export interface MoveTask {
  id: string;
  source: string;
  /** Without one, each message goes back to the queue it came from. */
  destination: string | undefined;
  /** Messages a second; AWS's own choice without one. */
  rate: number | undefined;
  startedAt: number;
  moved: number;
  toMove: number;
  status: MoveStatus;
  failure: string | undefined;
}

/** AWS lists the ten latest tasks of a queue. */
const keptTasks = 10;
const defaultRate = 500;
const turnMilliseconds = 100;

/** Runs the move tasks: a few messages a turn, at the rate of each, with its progress written down. */
export class MoveTasks {
  readonly #engine: Engine;
  readonly #report: (event: BrokerEvent) => void;
  readonly #tasks = new Map<string, MoveTask>();
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: Engine, report: (event: BrokerEvent) => void) {
    this.#engine = engine;
    this.#report = report;
    for (const task of engine.documents.under<MoveTask>('move-task/'))
      this.#tasks.set(task.id, task);
    this.#schedule();
  }

  get(id: string): MoveTask | undefined {
    return this.#tasks.get(id);
  }

  /** Tasks of a source queue, the newest first. */
  of(source: string): MoveTask[] {
    return [...this.#tasks.values()]
      .filter((task) => task.source === source)
      .sort((one, other) => other.startedAt - one.startedAt);
  }

  start(source: Queue, destination: string | undefined, rate: number | undefined): MoveTask {
    const task: MoveTask = {
      id: randomUUID(),
      source: this.#engine.queues.arnOf(source),
      destination,
      rate,
      startedAt: this.#engine.now(),
      moved: 0,
      toMove: source.waiting + source.inFlight + source.delayed,
      status: 'RUNNING',
      failure: undefined,
    };
    this.#save(task);
    for (const { id } of this.of(task.source).slice(keptTasks)) this.#forget(id);
    this.#schedule();
    return task;
  }

  cancel(task: MoveTask): void {
    this.#save({ ...task, status: 'CANCELLED' });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #forget(id: string): void {
    this.#engine.documents.remove(`move-task/${id}`);
    this.#tasks.delete(id);
  }

  #save(task: MoveTask): void {
    this.#engine.documents.put(`move-task/${task.id}`, task);
    this.#tasks.set(task.id, task);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (![...this.#tasks.values()].some(({ status }) => status === 'RUNNING')) return;
    this.#timer = setTimeout(() => {
      try {
        for (const task of this.#tasks.values()) if (task.status === 'RUNNING') this.#turn(task);
      } catch (error) {
        const details = { cause: String(error) };
        this.#report({ level: 'error', message: 'a move task was held up', details });
      }
      this.#schedule();
    }, turnMilliseconds);
    this.#timer.unref();
  }

  /** Moves as many as the rate allows since the start. */
  #turn(task: MoveTask): void {
    const seconds = (this.#engine.now() - task.startedAt) / 1000;
    const perTurn = Math.ceil(((task.rate ?? defaultRate) * turnMilliseconds) / 1000);
    const due = Math.floor(seconds * (task.rate ?? defaultRate)) - task.moved;
    const left = Math.min(due, perTurn);
    if (left <= 0) return;
    this.#save(this.#move(task, left));
  }

  #move(task: MoveTask, count: number): MoveTask {
    const { queues } = this.#engine;
    const source = queues.byArn(task.source);
    const failed = {
      status: 'FAILED',
      failure: 'AWS.SimpleQueueService.NonExistentQueue',
    } as const;
    if (!source) return { ...task, ...failed };
    const { destination } = task;
    const targetOf = (from: string | undefined) => queues.byArn(destination ?? from ?? '');
    for (let moved = 0; moved < count; moved += 1) {
      const outcome = this.#engine.redrive(source, targetOf);
      const progress = { ...task, moved: task.moved + moved };
      if (outcome === 'empty') return { ...progress, status: 'COMPLETED' };
      if (outcome === 'no target') return { ...progress, ...failed };
    }
    const moved = task.moved + count;
    return { ...task, moved, ...(source.waiting === 0 && { status: 'COMPLETED' }) };
  }
}
