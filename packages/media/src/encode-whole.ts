import type { EncodePlan } from '@spillway/contracts';
import { encodeArguments, workFiles } from './ffmpeg/arguments.ts';
import { EncodeError } from './ffmpeg/failure.ts';
import type { FfmpegLog } from './ffmpeg/log.ts';
import { findLoss } from './ffmpeg/loss.ts';
import { runFfmpeg } from './ffmpeg/run.ts';
import { outputFiles } from './output/files.ts';
import { qcReport } from './output/qc.ts';
import { describeRenditions } from './output/renditions.ts';
import { readTrack, type Track } from './output/track.ts';
import type { EncodeWhole, WholeEncode } from './types.ts';

type Tracks = { tracks: Map<string, Track>; audio: Track | null };

async function readTracks(plan: EncodePlan, workDir: string, log: FfmpegLog): Promise<Tracks> {
  try {
    const tracks = new Map<string, Track>();
    for (const { name } of plan.video)
      tracks.set(name, await readTrack(workFiles.video(workDir, name)));
    return { tracks, audio: plan.audio && (await readTrack(workFiles.audio(workDir))) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EncodeError(
      'output_not_whole',
      `A file of the output is broken: ${error.message}`,
      log,
    );
  }
}

/**
 * Encodes a source whole: one ffmpeg process makes every rendition, the sound and the poster.
 * Rejects with an `EncodeError` (`output_not_whole` when the QC report fails), or with
 * `signal.reason`.
 */
export async function encodeWhole(options: EncodeWhole): Promise<WholeEncode> {
  const { ffmpeg, plan, workDir, signal, onProgress, stallSeconds } = options;
  const { media } = plan;
  const log = await runFfmpeg({
    ffmpegPath: ffmpeg.ffmpegPath,
    args: encodeArguments(options),
    signal,
    stallSeconds,
    onFrames: (frames) => onProgress(Math.min(1, frames / plan.frames)),
  });
  const loss = findLoss(media, log);
  const { tracks, audio } = await readTracks(plan, workDir, log);
  const qc = qcReport(plan, tracks, audio);
  if (!qc.passed) throw new EncodeError('output_not_whole', qc.failures.join(' '), log);
  const renditions = describeRenditions(plan, tracks);
  return {
    files: await outputFiles({ media, plan, workDir, tracks, audio, renditions, qc }),
    durationSeconds: plan.frames * qc.frameSeconds,
    renditions,
    qc,
    warnings: [...media.warnings, ...loss],
    cpuSeconds: log.cpuSeconds,
    log: log.lines,
  };
}
