import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@spillway/runtime';
import { openFileStore } from './file/store.ts';
import { checkPrefix } from './key.ts';
import type { Storage } from './port.ts';
import type { S3Connection } from './s3/client.ts';

/**
 * Opens the object store that an address names: `file:///folder` (made when missing), or
 * `s3://bucket/prefix`. An address of any other kind is a `ConfigError`; a folder or a bucket that
 * cannot be used is a `StorageError`.
 */
export async function openStorage(url: string, s3?: S3Connection): Promise<Storage> {
  const scheme = /^([a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'file') return await openFileStore(folderOf(url));
  if (scheme === 's3') {
    const place = placeOf(url);
    const { openS3 } = await import('./s3/open.ts');
    return await openS3(place, s3);
  }
  throw new ConfigError(`STORAGE_URL: "${url}" is not file:///an/absolute/folder or s3://bucket.`);
}

/** The prefix is empty or ends in a slash. */
function placeOf(url: string): { bucket: string; prefix: string } {
  const [, bucket, folder = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^?#]*))?$/.exec(url) ?? [];
  if (bucket === undefined) {
    throw new ConfigError(`STORAGE_URL: "${url}" is not of the form s3://bucket/folder.`);
  }
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  checkPrefix(prefix);
  return { bucket, prefix };
}

/** `file:data` and `file://data/x` would quietly mean another folder than their writer thinks. */
function folderOf(url: string): string {
  const path = url.startsWith('file:///') ? fileURLToPath(url) : '';
  if (!isAbsolute(path)) {
    throw new ConfigError(`STORAGE_URL: "${url}" is not absolute: write file:///folder.`);
  }
  return path;
}
