import { closeSync, fsync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StorageError } from '../port.ts';
import { hasCode } from './errors.ts';

/** Enough for the folders of every order in flight; a forgotten one costs a few system calls. */
const MAX_REMEMBERED = 10_000;

/**
 * The folders under a root that keys are mapped to, as their writer makes them: durably (the entry in
 * the parent is synced), and never through a symbolic link, which could lead out of the root.
 */
export class Folders {
  readonly #root: string;
  readonly #durable = new Map<string, Promise<unknown>>();
  readonly #runningSync = new Map<string, Promise<void>>();
  readonly #nextSync = new Map<string, Promise<void>>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Makes the folder and its parents at once; resolves when they are durable. The root itself is never
   * made: without it the store is gone.
   */
  ensure(folder: string): Promise<unknown> {
    if (folder === this.#root) return Promise.resolve();
    const known = this.#durable.get(folder);
    if (known) return known;
    if (this.#durable.size >= MAX_REMEMBERED) this.forget();
    const parent = dirname(folder);
    const parentDurable = this.ensure(parent);
    makeFolder(folder);
    const durable = Promise.all([parentDurable, this.sync(parent)]);
    this.#durable.set(folder, durable);
    durable.catch(() => this.#durable.delete(folder));
    return durable;
  }

  /** What was made here may have been removed since. */
  forget(): void {
    this.#durable.clear();
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
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    if (!lstatSync(folder).isDirectory()) {
      throw new StorageError('invalid_key', `"${folder}" is an object or a link, not a folder.`);
    }
  }
}

/** Throws `invalid_key` when a link is on the way to the path; the root's own path is free of them. */
export async function refuseLinks(path: string): Promise<void> {
  if ((await realpath(path)) !== path) {
    throw new StorageError('invalid_key', `"${path}" is behind a symbolic link.`);
  }
}

const fsyncFile = promisify(fsync);

/** Makes the entries of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const opened = openSync(folder, 'r');
  try {
    await fsyncFile(opened);
  } finally {
    closeSync(opened);
  }
}
