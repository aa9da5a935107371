import { statSync } from 'node:fs';
import { trackFiles } from '@spillway/contracts';
import type { OutputFile } from '../types.ts';
import type { Track } from './track.ts';

/** Init segment and media segments, as slices of a work file. */
export function segmentFiles(folder: string, { path, initBytes, segments }: Track): OutputFile[] {
  return [
    { name: `${folder}/${trackFiles.init}`, from: 'file', path, start: 0, end: initBytes },
    ...segments.map(({ start, bytes }, index): OutputFile => {
      const name = `${folder}/${trackFiles.segment(index)}`;
      return { name, from: 'file', path, start, end: start + bytes };
    }),
  ];
}

/** A work file that is one of the output as it is. */
export function wholeFile(name: string, path: string): OutputFile {
  const { size } = statSync(path);
  return { name, from: 'file', path, start: 0, end: size };
}
