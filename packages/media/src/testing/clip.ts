import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ffmpegOfTests } from '../config.ts';
import { findFfmpeg } from '../ffmpeg/find.ts';

const execute = promisify(execFile);

/** The ffmpeg that makes clips and reads outputs: `SPILLWAY_TEST_FFMPEG`, else the one that is under test. */
export const testFfmpegPath = async (): Promise<string> =>
  ffmpegOfTests() ?? (await findFfmpeg()).ffmpegPath;

/** Runs ffmpeg for a test's input or check; its standard error, rejects when it fails. */
export async function ffmpegForTest(args: readonly string[]): Promise<string> {
  const { stderr } = await execute(await testFfmpegPath(), ['-nostdin', '-y', ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stderr;
}

export type ClipOptions = {
  /** Default 1. */
  seconds?: number;
  /** Default 320x180. */
  width?: number;
  height?: number;
  /** A number or a fraction such as "24000/1001"; default 25. */
  fps?: number | string;
  /** A 440 Hz tone; default true. */
  audio?: boolean;
  /** With its extension, which chooses the container; default `clip.mp4`. */
  name?: string;
  /** An existing folder for it; default a new one among the temporary files, for the caller to remove. */
  folder?: string;
  /** Further output options of ffmpeg. */
  output?: readonly string[];
};

/** Makes a short H.264 + AAC clip of moving test bars; its path. */
export async function makeClip(options: ClipOptions = {}): Promise<string> {
  const { seconds = 1, width = 320, height = 180, fps = 25, audio = true } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'spillway-clip-')));
  const path = join(folder, options.name ?? 'clip.mp4');
  const picture = `testsrc=duration=${seconds}:size=${width}x${height}:rate=${fps}`;
  const tone = `sine=frequency=440:sample_rate=48000:duration=${seconds}`;
  await ffmpegForTest([
    ...['-f', 'lavfi', '-i', picture],
    ...(audio ? ['-f', 'lavfi', '-i', tone, '-c:a', 'aac'] : []),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ...(options.output ?? []),
    path,
  ]);
  return path;
}
