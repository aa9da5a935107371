import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { checkKey, checkPrefix } from '../key.ts';
import {
  type ByteRange,
  type ObjectInfo,
  type ResumableObject,
  type Storage,
  StorageError,
  type StoredObject,
} from '../port.ts';
import { hasCode, translate } from './errors.ts';
import { refuseLinks } from './folders.ts';
import { infoOf } from './info.ts';
import { removeLeftovers } from './leftovers.ts';
import { ResumableFile } from './resumable.ts';
import { listObjects, removePrefix } from './tree.ts';
import { writeBody } from './write-body.ts';
import { Writer } from './writer.ts';

/**
 * Objects as files: `<root>/objects/<key>`. A new object is written to `<root>/incoming`, synced and
 * renamed into place, so a reader sees all of it or nothing, and so does a restart after a crash.
 * Objects that come in pieces grow in `<root>/resumable` until they are finished.
 * The folders are made here and never again: when they are missing later, the store is gone
 * (a volume that is no longer mounted must not look like a store without objects).
 */
export async function openFileStore(folder: string): Promise<Storage> {
  try {
    await mkdir(join(folder, 'objects'), { recursive: true });
    await mkdir(join(folder, 'incoming'), { recursive: true });
    await mkdir(join(folder, 'resumable'), { recursive: true });
    const root = await realpath(folder);
    await removeLeftovers(join(root, 'incoming'));
    return new FileStore(root);
  } catch (error) {
    throw gone(folder, error);
  }
}

class FileStore implements Storage {
  readonly #objects: string;
  readonly #incoming: string;
  readonly #resumable: string;
  readonly #writer: Writer;

  constructor(root: string) {
    this.#objects = join(root, 'objects');
    this.#incoming = join(root, 'incoming');
    this.#resumable = join(root, 'resumable');
    this.#writer = new Writer({ objects: this.#objects, incoming: this.#incoming });
  }

  async put(key: string, body: Uint8Array | Readable): Promise<ObjectInfo> {
    if (body instanceof Uint8Array) {
      checkKey(key);
      return await this.#writer.write({ key, bytes: body });
    }
    // It may break before it is read, when nobody else listens; reading it then throws.
    body.on('error', () => undefined);
    const path = join(this.#incoming, randomUUID());
    try {
      checkKey(key);
      await receive(path, key, body);
      return await this.#writer.write({ key, path });
    } catch (error) {
      body.destroy();
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  resumable(key: string): ResumableObject {
    checkKey(key);
    return new ResumableFile({
      key,
      folder: this.#resumable,
      moveIntoPlace: (path) => this.#writer.write({ key, path }),
      head: () => this.head(key),
    });
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
      // Most often asked of markers that are not there: nothing is looked at that need not be.
      const stats = await lstat(path, { bigint: true });
      await refuseLinks(dirname(path));
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

  async pathOf(key: string): Promise<string> {
    if (!(await this.head(key))) throw notFound(key);
    return this.#pathOf(key);
  }

  #pathOf(key: string): string {
    return join(this.#objects, key);
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

/** Writes a stream to a new file and syncs it. */
async function receive(path: string, key: string, body: Readable): Promise<void> {
  const handle = await open(path, 'wx').catch((error) => {
    throw translate(error, key);
  });
  try {
    await writeBody(handle, { key, body, position: 0 });
  } finally {
    await handle.close();
  }
}

async function statObject(handle: FileHandle, key: string): Promise<BigIntStats> {
  const stats = await handle.stat({ bigint: true });
  if (!stats.isFile()) throw notFound(key);
  return stats;
}

const gone = (folder: string, reason: unknown): StorageError =>
  new StorageError('unavailable', `The storage folder ${folder} cannot be used: ${reason}`, {
    cause: reason,
  });

const notFound = (key: string): StorageError =>
  new StorageError('not_found', `There is no object "${key}".`);
