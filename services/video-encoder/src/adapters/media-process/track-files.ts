import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { JoinOptions } from '../../app/ports.ts';

/** Writes the tracks to be joined into files of a new folder, as they come. */
export async function writeTracks(
  workDir: string,
  { video, audio }: Pick<JoinOptions, 'video' | 'audio'>,
  signal: AbortSignal,
): Promise<{ videoPath: string; audioPath: string | null }> {
  await mkdir(workDir, { recursive: true });
  const write = async (name: string, bytes: AsyncIterable<Uint8Array>) => {
    const path = join(workDir, name);
    await pipeline(bytes, createWriteStream(path), { signal });
    return path;
  };
  return {
    videoPath: await write('video', video),
    audioPath: audio && (await write('audio', audio)),
  };
}
