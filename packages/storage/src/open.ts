import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@spillway/runtime';
import { openFileStore } from './file/store.ts';
import type { Storage } from './port.ts';

/**
 * Opens the object store that an address names: `file:///folder` (made when missing). An address of
 * any other kind is a `ConfigError`; a folder that cannot be used is `StorageError('unavailable')`.
 */
export async function openStorage(url: string): Promise<Storage> {
  const scheme = /^([a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== 'file') {
    throw new ConfigError(`STORAGE_URL: "${url}" is not file:///an/absolute/folder.`);
  }
  return await openFileStore(folderOf(url));
}

/** `file:data` and `file://data/x` would quietly mean another folder than their writer thinks. */
function folderOf(url: string): string {
  const path = url.startsWith('file:///') ? fileURLToPath(url) : '';
  if (!isAbsolute(path)) {
    throw new ConfigError(`STORAGE_URL: "${url}" is not absolute: write file:///folder.`);
  }
  return path;
}
