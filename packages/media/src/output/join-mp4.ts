import { boxesIn, fileBoxes, requiredBox } from '../boxes.ts';
import { inputArguments, plainOutput } from '../ffmpeg/arguments.ts';
import { EncodeError } from '../ffmpeg/failure.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { run } from '../settings.ts';
import { openWorkFile } from '../source/bytes.ts';
import { countSamples as countIndexed } from '../source/sample-table.ts';
import type { Ffmpeg } from '../types.ts';
import { countSamples } from './joined-track.ts';
import { readTrack } from './track.ts';

export type JoinMp4 = {
  ffmpeg: Ffmpeg;
  /** A local file: the init segment and all segments of a rendition, one behind the other. */
  videoPath: string;
  /** The same of the sound; null without. */
  audioPath: string | null;
  outPath: string;
  /** Frames that the result must have. */
  frames: number;
  signal: AbortSignal;
  stallSeconds: number;
};

/**
 * The fragments' edit lists become negative times, which `-copyts` keeps and the muxer turns into edit lists
 * again; without it the sound would be late by its priming.
 */
function joinArguments({ videoPath, audioPath, outPath }: JoinMp4): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-y', '-loglevel', 'repeat+level+verbose'],
    ...['-benchmark', '-progress', 'pipe:1', '-copyts', ...inputArguments(videoPath)],
    ...(audioPath === null ? [] : inputArguments(audioPath)),
    ...['-map', '0:v', ...(audioPath === null ? [] : ['-map', '1:a'])],
    ...['-c', 'copy', ...plainOutput, '-f', 'mp4', '-movflags', '+faststart', outPath],
  ];
}

/** Samples of each track by the index of a progressive file. */
async function readSampleCounts(path: string): Promise<number[]> {
  const source = openWorkFile(path);
  try {
    for await (const { type, start, end } of fileBoxes(source)) {
      if (type !== 'moov') continue;
      const bytes = await source.read(start, end - start);
      const [moov] = boxesIn(bytes, 0, bytes.length);
      if (!moov) break;
      return boxesIn(bytes, moov.bodyStart, moov.end)
        .filter((box) => box.type === 'trak')
        .map((trak) => countIndexed(bytes, requiredBox(bytes, trak, 'mdia/minf/stbl')));
    }
    throw new RangeError(`${path} has no index.`);
  } finally {
    await source.close();
  }
}

/**
 * Writes one progressive MP4, with its index first, from fragments; nothing is encoded anew. Rejects with an
 * `EncodeError` (`output_not_whole` when frames are missing), or with `signal.reason`.
 */
export async function joinMp4(options: JoinMp4): Promise<{ cpuSeconds: number; log: string[] }> {
  const { ffmpeg, videoPath, audioPath, outPath, frames, signal, stallSeconds } = options;
  const paths = audioPath === null ? [videoPath] : [videoPath, audioPath];
  const tracks = await Promise.all(paths.map(readTrack));
  const bytes = tracks.flatMap(({ segments }) => segments).reduce((sum, one) => sum + one.bytes, 0);
  const log = await runFfmpeg({
    ffmpegPath: ffmpeg.ffmpegPath,
    args: joinArguments(options),
    signal,
    // To put the index first it moves all media data at the end, of which it tells nothing.
    stallSeconds: stallSeconds + bytes / run.slowestDiskBytesPerSecond,
    onFrames: () => {},
  });
  const expected = tracks.map(countSamples);
  const found = await readSampleCounts(outPath);
  if (expected[0] !== frames || found.join() !== expected.join()) {
    const message = `The MP4 has ${found.join(' and ')} samples where ${frames} frames were planned and its parts have ${expected.join(' and ')}.`;
    throw new EncodeError('output_not_whole', message, log);
  }
  return { cpuSeconds: log.cpuSeconds, log: log.lines };
}
