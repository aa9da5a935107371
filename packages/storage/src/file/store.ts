import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { checkKey, checkPrefix } from '../key.ts';
import {
  type ByteRange,
  type ObjectInfo,
  type ObjectStore,
  StorageError,
  type StoredObject,
} from '../port.ts';
import { hasCode, translate } from './errors.ts';
import { Folders, refuseLinks } from './folders.ts';
import { removeLeftovers } from './leftovers.ts';
import { listObjects, removePrefix } from './tree.ts';

/** How often a write begins again because a `deletePrefix` beside it removed its folder. */
const MAX_PUT_TRIES = 5;

/**
 * Objects as files: `<root>/objects/<key>`. A new object is written to `<root>/incoming`, synced and
 * renamed into place, so a reader sees all of it or nothing, and so does a restart after a crash.
 * The two folders are made here and never again: when they are missing later, the store is gone
 * (a volume that is no longer mounted must not look like a store without objects).
 */
export async function openFileStore(folder: string): Promise<ObjectStore> {
  try {
    await mkdir(join(folder, 'objects'), { recursive: true });
    await mkdir(join(folder, 'incoming'), { recursive: true });
    const root = await realpath(folder);
    await removeLeftovers(join(root, 'incoming'));
    return new FileStore(root);
  } catch (error) {
    throw gone(folder, error);
  }
}

class FileStore implements ObjectStore {
  readonly #objects: string;
  readonly #incoming: string;
  readonly #folders: Folders;

  constructor(root: string) {
    this.#objects = join(root, 'objects');
    this.#incoming = join(root, 'incoming');
    this.#folders = new Folders(this.#objects);
  }

  async put(key: string, body: Uint8Array | Readable): Promise<ObjectInfo> {
    checkKey(key);
    const temporary = join(this.#incoming, randomUUID());
    // It may break before it is read, when nobody else listens; reading it then throws.
    if (body instanceof Readable) body.on('error', () => undefined);
    try {
      const stats = await writeDurably(temporary, key, body);
      await this.#moveIntoPlace(temporary, key);
      return infoOf(key, stats);
    } catch (error) {
      if (body instanceof Readable) body.destroy();
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async get(key: string, range?: ByteRange): Promise<StoredObject> {
    const handle = await this.#open(key);
    try {
      const info = infoOf(key, await statObject(handle, key));
      if (range && range.start >= info.bytes) {
        throw new RangeError(`"${key}" has ${info.bytes} bytes: none from ${range.start} on.`);
      }
      return { ...info, body: handle.createReadStream({ ...range }) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async head(key: string): Promise<ObjectInfo | null> {
    checkKey(key);
    const path = this.#pathOf(key);
    try {
      await refuseLinks(dirname(path));
      const stats = await lstat(path, { bigint: true });
      return stats.isFile() ? infoOf(key, stats) : null;
    } catch (error) {
      if (await this.#isMissing(error)) return null;
      throw translate(error, key);
    }
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    checkPrefix(prefix);
    try {
      for await (const { key, stats } of listObjects(this.#objects, prefix)) {
        yield infoOf(key, stats);
      }
    } catch (error) {
      if (!(await this.#isMissing(error))) throw translate(error, prefix);
    }
  }

  async deletePrefix(prefix: string): Promise<void> {
    checkPrefix(prefix);
    try {
      await removePrefix(this.#objects, prefix);
    } catch (error) {
      if (!(await this.#isMissing(error))) throw translate(error, prefix);
    }
  }

  async addressFor(key: string): Promise<string> {
    if (!(await this.head(key))) throw notFound(key);
    return this.#pathOf(key);
  }

  #pathOf(key: string): string {
    return join(this.#objects, key);
  }

  async #moveIntoPlace(temporary: string, key: string): Promise<void> {
    const path = this.#pathOf(key);
    const folder = dirname(path);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#folders.ensure(folder);
        await rename(temporary, path);
        return await this.#folders.sync(folder);
      } catch (error) {
        if (!hasCode(error, 'ENOENT') || attempt === MAX_PUT_TRIES) throw translate(error, key);
      }
    }
  }

  async #open(key: string): Promise<FileHandle> {
    checkKey(key);
    const path = this.#pathOf(key);
    try {
      await refuseLinks(dirname(path));
      return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      if (await this.#isMissing(error)) throw notFound(key);
      throw translate(error, key);
    }
  }

  /** Whether the path is not there while the store is. */
  async #isMissing(error: unknown): Promise<boolean> {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    await lstat(this.#objects).catch((reason: unknown) => {
      throw gone(this.#objects, reason);
    });
    return true;
  }
}

async function writeDurably(
  path: string,
  key: string,
  body: Uint8Array | Readable,
): Promise<BigIntStats> {
  // A body that breaks is its giver's error and must not be told as one of the storage.
  let broken: { error: unknown } | null = null;
  async function* watched(readable: Readable) {
    try {
      yield* readable;
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(body instanceof Uint8Array ? body : watched(body));
      await handle.sync();
      return await handle.stat({ bigint: true });
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw broken ? (broken as { error: unknown }).error : translate(error, key);
  }
}

async function statObject(handle: FileHandle, key: string): Promise<BigIntStats> {
  const stats = await handle.stat({ bigint: true });
  if (!stats.isFile()) throw notFound(key);
  return stats;
}

/**
 * The etag is size, time of the last change and inode: free, while a hash would read every source
 * whole. Every put makes a new file, so a new content has another inode or another time.
 */
const infoOf = (key: string, stats: BigIntStats): ObjectInfo => ({
  key,
  bytes: Number(stats.size),
  etag: [stats.size, stats.mtimeNs, stats.ino].map((part) => part.toString(36)).join('-'),
  modifiedAt: stats.mtime,
});

const gone = (folder: string, reason: unknown): StorageError =>
  new StorageError('unavailable', `The storage folder ${folder} cannot be used: ${reason}`, {
    cause: reason,
  });

const notFound = (key: string): StorageError =>
  new StorageError('not_found', `There is no object "${key}".`);
