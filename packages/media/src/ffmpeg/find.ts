import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Ffmpeg } from '../types.ts';

const execute = promisify(execFile);

/** What `-version` prints; null when the program does not start or is none of ffmpeg's. */
async function version(path: string, program: string): Promise<string | null> {
  try {
    const { stdout } = await execute(path, ['-version'], { timeout: 30_000 });
    return stdout.startsWith(`${program} version`) ? stdout : null;
  } catch {
    return null;
  }
}

type Program = 'ffmpeg' | 'ffprobe';

/** The static build from npm, when there is one for this platform: the packages throw where not. */
async function installedPath(program: Program): Promise<string | null> {
  try {
    const installer =
      program === 'ffmpeg'
        ? await import('@ffmpeg-installer/ffmpeg')
        : await import('@ffprobe-installer/ffprobe');
    return installer.default.path;
  } catch {
    return null;
  }
}

async function find(program: Program, given: string | undefined) {
  if (given !== undefined) {
    const found = await version(given, program);
    if (found) return { path: given, found };
    throw new Error(`${given} does not work as ${program}; correct or remove that setting.`);
  }
  for (const path of [program, await installedPath(program)]) {
    const found = path && (await version(path, program));
    if (found) return { path, found };
  }
  throw new Error(
    `No ${program} works here: install ffmpeg, or run npm install again for the static build.`,
  );
}

/**
 * The given paths, else the PATH, else the static builds from npm. Rejects with an Error in one
 * plain sentence when none works, or when a given one does not.
 */
export async function findFfmpeg(
  options: { ffmpegPath?: string; ffprobePath?: string } = {},
): Promise<Ffmpeg> {
  const [ffmpeg, ffprobe] = await Promise.all([
    find('ffmpeg', options.ffmpegPath),
    find('ffprobe', options.ffprobePath),
  ]);
  return {
    ffmpegPath: ffmpeg.path,
    ffprobePath: ffprobe.path,
    build: ffmpeg.found.split('\n')[0] ?? '',
    canToneMap: ffmpeg.found.includes('--enable-libzimg'),
  };
}
