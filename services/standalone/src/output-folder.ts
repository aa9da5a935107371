import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { outputFiles } from '@spillway/contracts';
import { ConfigError } from '@spillway/runtime';

/** Files appear under `path` all at once, by `finish`: a folder that exists is whole. */
export interface OutputFolder {
  readonly path: string;
  save(name: string, bytes: Uint8Array): Promise<void>;
  finish(): Promise<void>;
}

/**
 * Prepares a folder for one output. A folder that holds an earlier output is replaced by `finish`; one
 * that holds anything else is refused (`ConfigError`), so that nobody's files are lost.
 */
export async function openOutputFolder(path: string): Promise<OutputFolder> {
  const names: string[] = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new ConfigError(`${path} cannot be the output folder: ${error.message}`);
  });
  if (names.length > 0 && !names.includes(outputFiles.hls)) {
    throw new ConfigError(`${path} holds other files; name an empty or a new folder.`);
  }
  const partial = `${path}.partial-${process.pid}`;
  return {
    path,
    async save(name, bytes) {
      const file = resolve(partial, name);
      if (!file.startsWith(partial + sep)) throw new Error(`${name} leaves the output folder.`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    },
    async finish() {
      await mkdir(join(partial), { recursive: true });
      await rm(path, { recursive: true, force: true });
      await rename(partial, path);
    },
  };
}
