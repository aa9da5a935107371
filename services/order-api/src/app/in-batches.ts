import { DatabaseError } from '@spillway/database';

interface Waiting<T> {
  readonly item: T;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Writes what comes at the same time together: an item alone is written at once, and what comes meanwhile
 * is the next write. When a write of several fails, each is tried alone: one bad item fails no other. While
 * the database is away all fail at once: alone they would wait for it one after the other.
 * Resolves when the item is written.
 */
export function inBatches<T>(
  writeAll: (items: readonly T[]) => Promise<void>,
  mostAtOnce: number,
): (item: T) => Promise<void> {
  let waiting: Waiting<T>[] = [];
  let writing = false;

  async function write(some: readonly Waiting<T>[]): Promise<void> {
    try {
      await writeAll(some.map(({ item }) => item));
      for (const { resolve } of some) resolve();
    } catch (error) {
      const isOfAll = error instanceof DatabaseError && error.isPassing;
      if (isOfAll || some.length === 1) for (const { reject } of some) reject(error);
      else for (const one of some) await write([one]);
    }
  }

  async function writeWaiting(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const next = waiting.slice(0, mostAtOnce);
      waiting = waiting.slice(mostAtOnce);
      await write(next);
    }
    writing = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!writing) void writeWaiting();
    });
}
