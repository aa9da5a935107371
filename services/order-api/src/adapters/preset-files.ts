import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PresetFile, PresetName } from '@spillway/contracts';
import { ConfigError } from '@spillway/runtime';
import type * as z from 'zod';
import { type Presets, resolvePreset } from '../domain/outputs.ts';

const OURS = fileURLToPath(new URL('../../../../presets/', import.meta.url));
const ENDING = '.json';

/** What is wrong with a file, each field by its path: `renditions.0.lines: ...`. */
const problemsOf = ({ issues }: z.ZodError): string =>
  issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');

async function readPreset(path: string): Promise<readonly [name: string, PresetFile]> {
  const name = PresetName.safeParse(basename(path, ENDING));
  if (!name.success) throw new ConfigError(`${path}: its name: ${problemsOf(name.error)}`);
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new ConfigError(`${path}: ${error.message}`);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path}: it is not JSON: ${(error as Error).message}`);
  }
  const preset = PresetFile.safeParse(content);
  if (!preset.success) throw new ConfigError(`${path}: ${problemsOf(preset.error)}`);
  return [name.data, preset.data];
}

/** `of` is what a folder that cannot be read is called. */
async function readFolder(
  folder: string,
  of: string,
): Promise<(readonly [name: string, PresetFile])[]> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new ConfigError(`${of}: ${error.message}`);
  });
  const files = names.filter((name) => name.endsWith(ENDING));
  return Promise.all(files.map((name) => readPreset(join(folder, name))));
}

/**
 * The presets that come with the project, and those in the operator's folder: one of the same name takes
 * the place of ours. Throws a `ConfigError` with file, field and reason.
 */
export async function readPresets(folder: string | null): Promise<Presets> {
  const theirs = folder === null ? [] : await readFolder(folder, 'SPILLWAY_PRESETS_DIR');
  const files = new Map([...(await readFolder(OURS, 'The presets of the project')), ...theirs]);
  const fallback = files.get('default');
  if (!fallback) throw new ConfigError(`${OURS}: default.json is missing`);
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([name, file]) => [name, resolvePreset(name, file, fallback)]));
}
