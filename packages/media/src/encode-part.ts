import { type EncodeReport, outputFiles, trackFiles } from '@spillway/contracts';
import { pipedArguments } from './ffmpeg/arguments.ts';
import { EncodeError } from './ffmpeg/failure.ts';
import type { FfmpegLog } from './ffmpeg/log.ts';
import { findChunkLoss } from './ffmpeg/loss.ts';
import { type PipeReader, runFfmpeg } from './ffmpeg/run.ts';
import { countSamples } from './output/joined-track.ts';
import { readJpegs } from './output/jpeg-stream.ts';
import { readSeam } from './output/seam.ts';
import { readTrackStream } from './output/track-stream.ts';
import {
  chunkTask,
  type EncodeTask,
  soundTask,
  type TaskOutput,
  thumbnailsOf,
} from './plan/task.ts';
import type { EncodeChunk, EncodedFile, EncodePart, PartEncode } from './types.ts';

type Found = Pick<EncodeReport, 'tracks' | 'seam' | 'poster'>;

/** Files of one folder, numbered through the whole output. */
const trackReader =
  ({ onFile }: EncodePart, found: Found, folder: string, firstSegment: number): PipeReader =>
  async (bytes) => {
    found.tracks[folder] = await readTrackStream(bytes, (what, data) => {
      const name = what === 'init' ? trackFiles.init : trackFiles.segment(firstSegment + what);
      return onFile({ name: `${folder}/${name}`, data });
    });
  };

/** Pictures by the names they get; one that is missing or too many is an error. */
const pictureReader =
  ({ onFile }: EncodePart, names: readonly string[]): PipeReader =>
  async (bytes) => {
    let count = 0;
    for await (const data of readJpegs(bytes)) {
      const name = names[count];
      count += 1;
      if (name) await onFile({ name, data });
    }
    if (count !== names.length)
      throw new RangeError(`${count} pictures came where ${names.length} were planned.`);
  };

function readerOf(
  options: EncodePart,
  { chunk }: EncodeTask,
  output: TaskOutput,
  found: Found,
): PipeReader {
  switch (output.kind) {
    case 'video':
      return trackReader(options, found, output.target.name, chunk.firstSegment);
    case 'audio':
      return trackReader(options, found, trackFiles.audioFolder, 0);
    case 'thumbnails':
      return pictureReader(options, output.thumbnails.sheets);
    case 'poster':
      found.poster = true;
      return pictureReader(options, [outputFiles.poster]);
    case 'seam':
      return async (bytes) => {
        found.seam = await readSeam(bytes);
      };
  }
}

/** Runs one ffmpeg and reads its pipes. */
async function runTask(
  options: EncodePart,
  task: EncodeTask,
  onFrames: (frames: number) => void,
): Promise<{ log: FfmpegLog; report: EncodeReport }> {
  const { ffmpeg, signal, stallSeconds } = options;
  // It can be played once the first chunk and the beginning of the sound are there.
  const yields = task.chunk.index > 0;
  const found: Found = { tracks: {}, seam: null, poster: false };
  const log = await runFfmpeg({
    ffmpegPath: ffmpeg.ffmpegPath,
    args: pipedArguments(options, task),
    ...{ signal, stallSeconds, yields, onFrames },
    readers: task.outputs.map((output) => readerOf(options, task, output, found)),
  });
  const thumbnails = thumbnailsOf(task);
  return { log, report: { schemaVersion: 1, ffmpegBuild: ffmpeg.build, ...found, thumbnails } };
}

/** Fewer pictures than planned, although nothing was lost: never taken for whole. */
function checkFrames({ tracks }: EncodeReport, frames: number, log: FfmpegLog): void {
  for (const [name, track] of Object.entries(tracks)) {
    const found = countSamples(track);
    if (found === frames) continue;
    const message = `A chunk of ${name} has ${found} frames where ${frames} were planned.`;
    throw new EncodeError('output_not_whole', message, log);
  }
}

/**
 * Encodes one chunk of a plan: one ffmpeg process decodes it once and makes its segments of every
 * rendition, its thumbnails, and the poster where it holds that frame. Nothing is written to a disk.
 * Rejects with an `EncodeError`, with what `onFile` rejects with, or with `signal.reason`.
 */
export async function encodeChunk(options: EncodeChunk): Promise<PartEncode> {
  const { plan, index, onProgress } = options;
  const task = chunkTask(plan, index);
  const { frames } = task.chunk;
  const { log, report } = await runTask(options, task, (done) =>
    onProgress(Math.min(1, done / frames)),
  );
  const warnings = findChunkLoss(plan, task.chunk, log);
  checkFrames(report, frames, log);
  return { report, warnings, cpuSeconds: log.cpuSeconds, log: log.lines };
}

/** Encodes the whole sound of a plan, continuously; rejects as `encodeChunk` does. */
export async function encodeAudio(options: EncodePart): Promise<PartEncode> {
  const { plan, onProgress, onFile } = options;
  const segments = Math.ceil(plan.frames / plan.gopFrames);
  let files = 0;
  const counting = {
    ...options,
    onFile: async (file: EncodedFile) => {
      await onFile(file);
      // The first is the init segment.
      onProgress(Math.min(1, files / segments));
      files += 1;
    },
  };
  const { log, report } = await runTask(counting, soundTask(plan), () => {});
  return { report, warnings: [], cpuSeconds: log.cpuSeconds, log: log.lines };
}
