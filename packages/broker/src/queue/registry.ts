import type { Deadlines } from './deadlines.ts';
import type { Documents } from './documents.ts';
import type { MessageTable } from './messages.ts';
import { Queue } from './queue.ts';
import type { QueueDocument } from './settings.ts';

/** The queues by name, and what is kept of them. */
export class QueueRegistry {
  readonly #byName = new Map<string, Queue>();
  readonly #byNumber = new Map<number, Queue>();
  readonly #documents: Documents;
  readonly #table: MessageTable;
  readonly #deadlines: Deadlines;
  readonly #arnOf: (name: string) => string;

  constructor(
    documents: Documents,
    table: MessageTable,
    deadlines: Deadlines,
    arnOf: (name: string) => string,
  ) {
    this.#documents = documents;
    this.#table = table;
    this.#deadlines = deadlines;
    this.#arnOf = arnOf;
  }

  get(name: string): Queue | undefined {
    return this.#byName.get(name);
  }

  byNumber(number: number): Queue | undefined {
    return this.#byNumber.get(number);
  }

  all(): Iterable<Queue> {
    return this.#byName.values();
  }

  /** The ARN that a queue of this name has, or would have. */
  arnFor(name: string): string {
    return this.#arnOf(name);
  }

  arnOf(queue: Queue): string {
    return this.#arnOf(queue.name);
  }

  byArn(arn: string): Queue | undefined {
    const queue = this.#byName.get(arn.slice(arn.lastIndexOf(':') + 1));
    return queue && this.#arnOf(queue.name) === arn ? queue : undefined;
  }

  /** Adds a queue, or changes what is kept of it. */
  save(document: QueueDocument): Queue {
    this.#documents.put(`queue/${document.number}`, document);
    const known = this.#byName.get(document.name);
    if (!known) return this.add(document);
    known.configure(document);
    return known;
  }

  /** The model's side of a queue whose document is kept already. */
  add(document: QueueDocument): Queue {
    const queue = new Queue(document, this.#table, this.#deadlines);
    this.#byName.set(queue.name, queue);
    this.#byNumber.set(queue.number, queue);
    return queue;
  }

  remove(queue: Queue): void {
    this.#documents.remove(`queue/${queue.number}`);
    this.#byName.delete(queue.name);
    this.#byNumber.delete(queue.number);
  }
}
