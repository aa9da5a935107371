import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { outputFiles } from '@spillway/contracts';
import { ConfigError } from '@spillway/runtime';

/** Files appear under `path` all at once, by `finish`: a folder that exists is whole. */
export interface OutputFolder {
  readonly path: string;
  save(name: string, bytes: Uint8Array): Promise<void>;
  finish(): Promise<void>;
  /** Removes what was not finished. */
  discard(): Promise<void>;
}

const { hls, dash, poster, qc } = outputFiles;
/** Every output has them. */
const SIGNS = [hls, dash, poster, qc];

/**
 * Prepares a folder for one output. A folder that holds an earlier output is replaced by `finish`; one
 * that holds anything else, or cannot be written, is refused (`ConfigError`), so that nobody's files and
 * no work are lost.
 */
export async function openOutputFolder(path: string): Promise<OutputFolder> {
  const refuse = (error: NodeJS.ErrnoException) => {
    throw new ConfigError(`${path} cannot be the output folder: ${error.message}`);
  };
  const names: string[] = await readdir(path).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? [] : refuse(error),
  );
  const isOutput = SIGNS.every((name) => names.includes(name));
  if (names.length > 0 && !isOutput) {
    throw new ConfigError(`${path} holds other files; name an empty or a new folder.`);
  }
  const partial = `${path}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true }).catch(refuse);
  return {
    path,
    async save(name, bytes) {
      const file = resolve(partial, name);
      if (!file.startsWith(partial + sep)) throw new Error(`${name} leaves the output folder.`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    },
    async finish() {
      await rm(path, { recursive: true, force: true });
      await rename(partial, path);
    },
    discard: () => rm(partial, { recursive: true, force: true }),
  };
}
