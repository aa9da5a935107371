import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type ObjectInfo, type ObjectStore, StorageError } from '@spillway/storage';
import type { Process } from './process.ts';
import type { Watcher } from './watcher.ts';
import type { World } from './world.ts';

interface Kept extends ObjectInfo {
  readonly data: Uint8Array;
}

const error = () => new StorageError('unavailable', 'the simulated object store does not answer');

function infoOf({ key, bytes, etag, modifiedAt }: Kept): ObjectInfo {
  return { key, bytes, etag, modifiedAt };
}

/** Objects, kept in memory; what is in here survives every crash. */
export class Objects {
  readonly #world: World;
  readonly #watcher: Watcher;
  readonly #kept = new Map<string, Kept>();
  #count = 0;

  constructor(world: World, watcher: Watcher) {
    this.#world = world;
    this.#watcher = watcher;
  }

  keys(prefix: string): string[] {
    return [...this.#kept.keys()].filter((key) => key.startsWith(prefix));
  }

  /** As ffmpeg reads it; throws when it is gone. */
  read(key: string): Uint8Array {
    return this.#find(key).data;
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  /** The object store as one process sees it. */
  connect(process: Process): ObjectStore {
    const world = this.#world;
    const call = <T>(what: string, effect: () => T, partly?: () => void) =>
      world.call(process, { part: 'objects', what, error, effect, ...(partly && { partly }) });
    const find = (key: string): Kept => this.#find(key);
    const listed = (prefix: string) => this.keys(prefix).map((key) => infoOf(find(key)));
    return {
      put: async (key, body) => {
        const data = body instanceof Readable ? await buffer(body) : body;
        return call(`puts ${key}`, () => this.#put(key, data));
      },
      get: (key, range) =>
        call(`gets ${key}`, () => {
          const found = find(key);
          const data = range ? found.data.subarray(range.start, range.end + 1) : found.data;
          return { ...infoOf(found), body: Readable.from([data]) };
        }),
      head: (key) =>
        call(`looks for ${key}`, () => {
          const found = this.#kept.get(key);
          return found ? infoOf(found) : null;
        }),
      list: async function* (prefix) {
        yield* await call(`lists ${prefix}`, () => listed(prefix));
      },
      deletePrefix: (prefix) =>
        call(
          `deletes ${prefix}`,
          () => this.#delete(prefix, this.keys(prefix)),
          () =>
            this.#delete(
              prefix,
              this.keys(prefix).filter(() => world.random.chance(0.5)),
            ),
        ),
      pathOf: (key) => call(`addresses ${key}`, () => `object:${find(key).key}`),
    };
  }

  #find(key: string): Kept {
    const found = this.#kept.get(key);
    if (!found) throw new StorageError('not_found', `no object ${key}`);
    return found;
  }

  #put(key: string, data: Uint8Array): ObjectInfo {
    this.#count += 1;
    const etag = `e${this.#count}`;
    const kept = { key, data, bytes: data.length, etag, modifiedAt: new Date() };
    this.#kept.set(key, kept);
    return infoOf(kept);
  }

  #delete(prefix: string, keys: readonly string[]): void {
    for (const key of keys) this.#kept.delete(key);
    this.#watcher.deleted(prefix, keys);
  }
}
