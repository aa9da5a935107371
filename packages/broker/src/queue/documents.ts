import type { Journal, Place } from './journal.ts';

interface Kept extends Place {
  value: unknown;
}

/** The small things that are kept whole: queues, topics, subscriptions, move tasks; by key. */
export class Documents {
  readonly #journal: Journal;
  readonly #kept = new Map<string, Kept>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  put(key: string, value: object): void {
    const place = this.#journal.document(key, value);
    this.#kept.set(key, { value, ...place });
  }

  remove(key: string): void {
    this.#journal.document(key, undefined);
    this.#kept.delete(key);
  }

  /** Values whose key begins with `prefix`, in the order they were last written. */
  *under<T>(prefix: string): Generator<T> {
    for (const [key, { value }] of this.#kept) if (key.startsWith(prefix)) yield value as T;
  }

  get bytes(): number {
    let bytes = 0;
    for (const kept of this.#kept.values()) bytes += kept.bytes;
    return bytes;
  }

  /** During recovery: what the log says. */
  recovered(key: string, value: unknown, place: Place): void {
    if (value === undefined) this.#kept.delete(key);
    else this.#kept.set(key, { value, ...place });
  }

  /** During compaction: writes the document again if this place is its latest. */
  rewrite(key: string, position: number): void {
    const kept = this.#kept.get(key);
    if (kept?.position === position) this.put(key, kept.value as object);
  }
}
