import { readFileSync } from 'node:fs';
import type { OutputFile } from '@spillway/media';

/** Above it an output stays in its work files. */
const MAX_BYTES = 1024 * 1024;

/** The files of a small output with their bytes; null for a larger one. */
export function inMemory(files: readonly OutputFile[]): OutputFile[] | null {
  const slices = files.filter((file) => file.from === 'file');
  const bytes = slices.reduce((sum, { start, end }) => sum + end - start, 0);
  if (bytes > MAX_BYTES) return null;
  const paths = new Set(slices.map(({ path }) => path));
  const contents = new Map([...paths].map((path) => [path, readFileSync(path)]));
  return files.map((file) => {
    if (file.from === 'memory') return file;
    const data = contents.get(file.path)?.subarray(file.start, file.end);
    if (data?.length !== file.end - file.start) throw new Error(`${file.path} is too short.`);
    return { name: file.name, from: 'memory', data };
  });
}
