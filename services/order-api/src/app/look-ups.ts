import { LRUCache } from 'lru-cache';

const MOST_REMEMBERED = 10_000;

export interface LookUps<T> {
  get(id: string): Promise<T>;
  forget(id: string): void;
}

/** Remembers what was found for so long; who asks while it is being looked up waits for the same answer. */
export function lookUps<T>(find: (id: string) => Promise<T>, milliseconds: number): LookUps<T> {
  const remembered = new LRUCache<string, Promise<T>>({ max: MOST_REMEMBERED, ttl: milliseconds });
  return {
    get(id) {
      const known = remembered.get(id);
      if (known) return known;
      const found = find(id);
      remembered.set(id, found);
      // A failure is told to who waits, and not remembered.
      found.catch(() => {
        if (remembered.peek(id) === found) remembered.delete(id);
      });
      return found;
    },
    forget: (id) => void remembered.delete(id),
  };
}
