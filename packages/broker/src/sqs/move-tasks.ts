import { randomUUID } from 'node:crypto';
import type { BrokerEvent } from '../options.ts';
import type { Engine } from '../queue/engine.ts';
import { type MoveTask, moveTaskPrefix } from '../queue/move-task.ts';
import type { Queue } from '../queue/queue.ts';
import type { DurableCallback } from '../store/log.ts';

/** AWS lists the ten latest tasks of a queue. */
const keptTasks = 10;
const defaultRate = 500;
const turnMilliseconds = 100;

const sourceGone = {
  status: 'FAILED',
  failure: 'AWS.SimpleQueueService.NonExistentQueue',
} as const;

/** What the rate of a task allows: so many messages at that time, more as time goes on. */
interface Allowance {
  at: number;
  messages: number;
}

/** Runs the move tasks: a few messages a turn, at the rate of each, with its progress written down. */
export class MoveTasks {
  readonly #engine: Engine;
  readonly #report: (event: BrokerEvent) => void;
  readonly #afterTurn: (next: DurableCallback) => void;
  readonly #tasks = new Map<string, MoveTask>();
  /** By task; a second's worth at most, so that a time without the broker is not made up for. */
  readonly #allowances = new Map<string, Allowance>();
  /** Tasks that the disk keeps from going on. */
  readonly #heldUp = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** `afterTurn` is to call back when what a turn did is on disk. */
  constructor(
    engine: Engine,
    report: (event: BrokerEvent) => void,
    afterTurn: (next: DurableCallback) => void,
  ) {
    this.#engine = engine;
    this.#report = report;
    this.#afterTurn = afterTurn;
    for (const task of engine.documents.under<MoveTask>(moveTaskPrefix)) {
      this.#tasks.set(task.id, task);
    }
    for (const task of this.#running()) this.#settle(task, {});
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
      queue: source.number,
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
    this.#settle(task, { status: 'CANCELLED' });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #running(): MoveTask[] {
    return [...this.#tasks.values()].filter(({ status }) => status === 'RUNNING');
  }

  #forget(id: string): void {
    this.#engine.documents.remove(`${moveTaskPrefix}${id}`);
    this.#tasks.delete(id);
  }

  #save(task: MoveTask): void {
    this.#engine.documents.put(`${moveTaskPrefix}${task.id}`, task);
    this.#tasks.set(task.id, task);
  }

  /** Writes down what was moved and how it ended, when there is something to write. */
  #settle(task: MoveTask, end: Partial<MoveTask>): void {
    const source = this.#engine.queues.byNumber(task.queue);
    const redriven = source?.redriven ?? 0;
    if (redriven === 0 && end.status === undefined) return;
    this.#save({ ...task, moved: task.moved + redriven, ...end });
    if (source) source.redriven = 0;
    if (end.status !== undefined) this.#allowances.delete(task.id);
  }

  /** The next turn comes when this one is on disk, so a slow disk slows the tasks, not the memory. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#running().length === 0) return;
    this.#timer = setTimeout(() => {
      for (const task of this.#running()) this.#tryTurn(task);
      this.#afterTurn((error) => {
        if (!error) this.#schedule(); // else nothing can be written until the next start
      });
    }, turnMilliseconds);
    this.#timer.unref();
  }

  /** The operator is told when a task is held up and when it goes on, not at every turn between. */
  #tryTurn(task: MoveTask): void {
    const { id, source } = task;
    try {
      this.#turn(task);
      if (!this.#heldUp.delete(id)) return;
      this.#report({ level: 'info', message: 'a move task goes on', details: { id, source } });
    } catch (error) {
      if (this.#heldUp.has(id)) return;
      this.#heldUp.add(id);
      const details = { id, source, cause: String(error) };
      this.#report({ level: 'error', message: 'a move task is held up', details });
    }
  }

  #turn(task: MoveTask): void {
    const source = this.#engine.queues.byNumber(task.queue);
    if (!source) {
      this.#settle(task, sourceGone);
      return;
    }
    let end: Partial<MoveTask> = {};
    try {
      end = this.#move(task, source, this.#allowed(task));
    } finally {
      this.#settle(task, end);
    }
  }

  /** How many messages the rate allows in this turn. */
  #allowed({ id, startedAt, rate = defaultRate }: MoveTask): number {
    const now = this.#engine.now();
    const { at, messages } = this.#allowances.get(id) ?? { at: startedAt, messages: 0 };
    const allowed = Math.min(messages + ((now - at) * rate) / 1000, rate);
    const turn = Math.min(Math.floor(allowed), Math.ceil((rate * turnMilliseconds) / 1000));
    this.#allowances.set(id, { at: now, messages: allowed - turn });
    return turn;
  }

  /** @returns how the task ended, if it did */
  #move(task: MoveTask, source: Queue, count: number): Partial<MoveTask> {
    const { queues } = this.#engine;
    const targetOf = (from: string | undefined) => queues.byArn(task.destination ?? from ?? '');
    for (let moved = 0; moved < count; moved += 1) {
      const outcome = this.#engine.redrive(source, targetOf);
      if (outcome === 'empty') return { status: 'COMPLETED' };
      if (outcome === 'no target') return sourceGone;
    }
    return count > 0 && source.waiting === 0 ? { status: 'COMPLETED' } : {};
  }
}
