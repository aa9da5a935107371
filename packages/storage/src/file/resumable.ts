import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type ObjectInfo, type ResumableObject, StorageError } from '../port.ts';
import { hasCode, translate } from './errors.ts';
import { syncFolder } from './folders.ts';
import { writeBody } from './write-body.ts';

export interface ResumableFileParts {
  readonly key: string;
  /** Of all objects that are not finished. */
  readonly folder: string;
  readonly moveIntoPlace: (path: string) => Promise<ObjectInfo>;
  readonly head: () => Promise<ObjectInfo | null>;
}

/** An object that grows as one file until it is moved into place; its size is the file's. */
export class ResumableFile implements ResumableObject {
  readonly #parts: ResumableFileParts;
  readonly #path: string;

  constructor(parts: ResumableFileParts) {
    this.#parts = parts;
    // A key may be longer than a file's name, and this folder has no folders in it.
    this.#path = join(parts.folder, createHash('sha256').update(parts.key).digest('hex'));
  }

  async size(): Promise<number | null> {
    const { key, folder } = this.#parts;
    try {
      return (await stat(this.#path)).size;
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw translate(error, key);
    }
    // Without its folder the store is gone, and the bytes may come back with it.
    await stat(folder).catch((error) => {
      throw translate(error, key);
    });
    return null;
  }

  async append(body: Readable, offset: number): Promise<number> {
    // It may break before it is read, when nobody else listens; reading it then throws.
    body.on('error', () => undefined);
    try {
      return await this.#append(body, offset);
    } catch (error) {
      body.destroy();
      throw error;
    }
  }

  async #append(body: Readable, offset: number): Promise<number> {
    const { key } = this.#parts;
    const size = await this.size();
    if (offset !== (size ?? 0)) {
      throw new StorageError('wrong_offset', `"${key}" has ${size ?? 0} bytes, not ${offset}.`);
    }
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW;
    const handle = await open(this.#path, flags).catch((error) => {
      throw translate(error, key);
    });
    try {
      if (size === null) await this.#makeDurable();
      return await writeBody(handle, { key, body, position: offset });
    } finally {
      await handle.close();
    }
  }

  async #makeDurable(): Promise<void> {
    await syncFolder(this.#parts.folder).catch((error) => {
      throw translate(error, this.#parts.key);
    });
  }

  async finish(): Promise<ObjectInfo> {
    const { key, moveIntoPlace, head } = this.#parts;
    if ((await this.size()) !== null) return await moveIntoPlace(this.#path);
    const finished = await head();
    if (!finished) throw new StorageError('not_found', `Nothing of "${key}" has come.`);
    return finished;
  }

  /** Clients do not write to our disk. */
  async beginParts(): Promise<null> {
    return null;
  }

  async finishParts(): Promise<never> {
    throw new StorageError('wrong_parts', `"${this.#parts.key}" has no parts.`);
  }

  async discard(): Promise<void> {
    await rm(this.#path, { force: true }).catch((error) => {
      throw translate(error, this.#parts.key);
    });
  }
}
