import { randomUUID } from 'node:crypto';
import { closeSync, fsync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ObjectInfo } from '../port.ts';
import { hasCode, translate } from './errors.ts';
import type { Folders } from './folders.ts';
import { infoOf } from './info.ts';

/** An object to be: its bytes, or a file of its giver that is written and synced already. */
export type Writing = { readonly key: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly path: string }
);

/** Where a store keeps its files. */
export interface Layout {
  readonly objects: string;
  readonly incoming: string;
}

const fsyncFile = promisify(fsync);

/** How often a move begins again because a `deletePrefix` beside it removed its folder. */
const MAX_MOVES = 5;

/** An object whose bytes are durable, but not yet in its place. */
export interface Staged {
  readonly info: ObjectInfo;
  readonly from: string;
  /** Made here: to be removed when it gets no place. */
  readonly ours: boolean;
}

/**
 * Writes an object's file; resolves when its bytes are durable. Made, as `place`, for a thread of its
 * own: only what waits for the disk is asynchronous, all else is a short system call, which costs a
 * tenth of a trip through the thread pool.
 */
export async function stage(writing: Writing, { incoming }: Layout): Promise<Staged> {
  const ours = 'bytes' in writing;
  const from = ours ? join(incoming, randomUUID()) : writing.path;
  try {
    if (ours) await writeFile(from, writing.bytes);
    return { info: infoOf(writing.key, lstatSync(from, { bigint: true })), from, ours };
  } catch (error) {
    if (ours) rmSync(from, { force: true });
    throw translate(error, writing.key);
  }
}

/** Moves an object into its place; resolves when it is durable there. */
export async function place(
  { info, from, ours }: Staged,
  { objects }: Layout,
  folders: Folders,
): Promise<ObjectInfo> {
  try {
    await moveIntoPlace(from, join(objects, info.key), folders);
    return info;
  } catch (error) {
    if (ours) rmSync(from, { force: true });
    throw translate(error, info.key);
  }
}

async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = openSync(path, 'wx');
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    await fsyncFile(file);
  } finally {
    closeSync(file);
  }
}

async function moveIntoPlace(from: string, to: string, folders: Folders): Promise<void> {
  const folder = dirname(to);
  for (let attempt = 1; ; attempt++) {
    try {
      const durable = folders.ensure(folder);
      renameSync(from, to);
      await Promise.all([durable, folders.sync(folder)]);
      return;
    } catch (error) {
      folders.forget();
      if (!hasCode(error, 'ENOENT') || attempt === MAX_MOVES) throw error;
    }
  }
}
