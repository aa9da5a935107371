import { mkdir, open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '../port.ts';
import { hasCode } from './errors.ts';

/** Enough for the folders of every order in flight; a forgotten one costs a few system calls. */
const MAX_REMEMBERED = 10_000;

/**
 * The folders under a root that keys are mapped to. A folder is made durably (its entry in its
 * parent is synced), and never through a symbolic link, which could lead out of the root.
 */
export class Folders {
  readonly #root: string;
  readonly #durable = new Map<string, Promise<void>>();
  readonly #runningSync = new Map<string, Promise<void>>();
  readonly #nextSync = new Map<string, Promise<void>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes the folder and its parents. The root itself is never made: without it the store is gone. */
  async ensure(folder: string): Promise<void> {
    if (folder === this.#root || (await this.#isThere(folder))) return;
    if (this.#durable.size >= MAX_REMEMBERED) this.#durable.clear();
    const made = this.#make(folder);
    this.#durable.set(folder, made);
    try {
      await made;
    } catch (error) {
      this.#durable.delete(folder);
      throw error;
    }
  }

  /**
   * Makes the entries of a folder durable. Calls that come while a sync runs share the next one: the
   * one that runs may have begun before their entry was there.
   */
  sync(folder: string): Promise<void> {
    const shared = this.#nextSync.get(folder);
    if (shared) return shared;
    const begin = () => {
      this.#nextSync.delete(folder);
      this.#runningSync.set(folder, next);
      return syncFolder(folder).finally(() => {
        if (this.#runningSync.get(folder) === next) this.#runningSync.delete(folder);
      });
    };
    const next = (this.#runningSync.get(folder) ?? Promise.resolve()).then(begin, begin);
    this.#nextSync.set(folder, next);
    return next;
  }

  /** A folder that was made here may have been removed since, with its parents. */
  async #isThere(folder: string): Promise<boolean> {
    const known = this.#durable.get(folder);
    if (!known) return false;
    await known;
    try {
      await refuseLinks(folder);
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  }

  async #make(folder: string): Promise<void> {
    const parent = dirname(folder);
    await this.ensure(parent);
    try {
      await mkdir(folder);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    await refuseLinks(folder);
    await this.sync(parent);
  }
}

/** Throws `invalid_key` when a link is on the way to the path; the root's own path is free of them. */
export async function refuseLinks(path: string): Promise<void> {
  if ((await realpath(path)) !== path) {
    throw new StorageError('invalid_key', `"${path}" is behind a symbolic link.`);
  }
}

/** Makes the entries of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
