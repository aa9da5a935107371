import type { EncodedFile } from '@spillway/media';

/** A call under way in the media process: its signal, and the files that the worker has yet to take. */
export class RunningCall {
  readonly #abort = new AbortController();
  readonly #send: (file: number, made: EncodedFile) => void;
  readonly #waiting = new Map<number, () => void>();
  #lastFile = 0;

  constructor(send: (file: number, made: EncodedFile) => void) {
    this.#send = send;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(): void {
    this.#abort.abort();
  }

  /** Resolves when the worker has taken the file, which holds ffmpeg back; rejects when it is aborted. */
  readonly onFile = async (made: EncodedFile): Promise<void> => {
    const { signal } = this;
    signal.throwIfAborted();
    const file = ++this.#lastFile;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.set(file, resolve);
    this.#send(file, made);
    try {
      await promise;
    } finally {
      this.#waiting.delete(file);
      signal.removeEventListener('abort', onAbort);
    }
  };

  taken(file: number): void {
    this.#waiting.get(file)?.();
  }
}
