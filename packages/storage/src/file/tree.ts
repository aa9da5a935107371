import type { BigIntStats } from 'node:fs';
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { hasCode } from './errors.ts';
import { refuseLinks, syncFolder } from './folders.ts';

/** A file below the root; `key` is its path from there. */
interface FoundObject {
  readonly key: string;
  readonly stats: BigIntStats;
}

/** The files whose key begins with the prefix; links are not followed. */
export async function* listObjects(root: string, prefix: string): AsyncIterable<FoundObject> {
  const { folder, stem } = split(prefix);
  yield* walk(root, folder, stem);
}

async function* walk(root: string, folder: string, stem: string): AsyncIterable<FoundObject> {
  const path = resolve(root, folder);
  await refuseLinks(path);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (!entry.name.startsWith(stem)) continue;
    const key = `${folder}${entry.name}`;
    try {
      if (entry.isDirectory()) yield* walk(root, `${key}/`, '');
      if (entry.isFile()) yield { key, stats: await lstat(join(root, key), { bigint: true }) };
    } catch (error) {
      // Removed since the folder was read.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
}

/** Removes the files whose key begins with the prefix, and the folders that are then empty. */
export async function removePrefix(root: string, prefix: string): Promise<void> {
  const { folder, stem } = split(prefix);
  const path = resolve(root, folder);
  await refuseLinks(path);
  for (const name of await readdir(path)) {
    if (name.startsWith(stem)) {
      await rm(join(path, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }
  await syncFolder(await removeEmptyFolders(root, path));
}

/** Removes the folder and its parents as far as they are empty; returns the first that is not. */
async function removeEmptyFolders(root: string, folder: string): Promise<string> {
  let path = folder;
  while (path !== root) {
    try {
      await rmdir(path);
    } catch (error) {
      if (hasCode(error, 'ENOTEMPTY')) break;
      if (!hasCode(error, 'ENOENT')) throw error;
    }
    path = dirname(path);
  }
  return path;
}

function split(prefix: string): { folder: string; stem: string } {
  const end = prefix.lastIndexOf('/') + 1;
  return { folder: prefix.slice(0, end), stem: prefix.slice(end) };
}
