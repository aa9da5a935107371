import { Worker } from 'node:worker_threads';
import { type ObjectInfo, StorageError, type StorageErrorCode } from '../port.ts';
import type { Layout, Writing } from './write.ts';

export interface Request {
  readonly id: number;
  readonly writings: readonly Writing[];
}

export type Written =
  | { readonly info: ObjectInfo }
  | { readonly error: { readonly code: StorageErrorCode; readonly message: string } };

export interface Reply {
  readonly id: number;
  readonly written: readonly Written[];
}

interface Waiting {
  readonly writing: Writing;
  readonly resolve: (info: ObjectInfo) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Puts objects into place from a thread of its own. Puts of one turn of the event loop go there in one
 * message: an encode's ten small files cost one trip instead of a hundred through the thread pool.
 */
export class Writer {
  readonly #layout: Layout;
  readonly #sent = new Map<number, readonly Waiting[]>();
  #thread: Worker | null = null;
  #next: Waiting[] = [];
  #lastId = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  write(writing: Writing): Promise<ObjectInfo> {
    return new Promise((resolve, reject) => {
      if (this.#next.length === 0) setImmediate(() => this.#send());
      this.#next.push({ writing, resolve, reject });
    });
  }

  #send(): void {
    const waiting = this.#next;
    this.#next = [];
    this.#thread ??= this.#start();
    // A program may end while the writer is idle, but not while an object is on its way.
    this.#thread.ref();
    const id = ++this.#lastId;
    this.#sent.set(id, waiting);
    this.#thread.postMessage({ id, writings: waiting.map(({ writing }) => writing) } as Request);
  }

  #start(): Worker {
    const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), {
      workerData: this.#layout,
    });
    thread.on('message', (reply: Reply) => this.#settle(reply));
    thread.on('error', (error) => this.#fail(`the writer failed: ${error}`));
    thread.on('exit', () => this.#fail('the writer ended'));
    return thread;
  }

  #settle({ id, written }: Reply): void {
    const waiting = this.#sent.get(id) ?? [];
    this.#sent.delete(id);
    if (this.#sent.size === 0) this.#thread?.unref();
    for (const [index, { resolve, reject }] of waiting.entries()) {
      const one = written[index];
      if (one && 'info' in one) resolve(one.info);
      else reject(new StorageError(one?.error.code ?? 'unavailable', one?.error.message ?? ''));
    }
  }

  /** The next put starts another thread. */
  #fail(reason: string): void {
    this.#thread = null;
    const failed = [...this.#sent.values()].flat();
    this.#sent.clear();
    for (const { reject } of failed) reject(new StorageError('unavailable', reason));
  }
}
