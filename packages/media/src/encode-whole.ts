import { type EncodePlan, type EncodeReport, outputFiles, trackFiles } from '@spillway/contracts';
import { encodeArguments, toldInFiles, workFiles } from './ffmpeg/arguments.ts';
import { EncodeError } from './ffmpeg/failure.ts';
import type { FfmpegLog } from './ffmpeg/log.ts';
import { findLoss } from './ffmpeg/loss.ts';
import { runFfmpeg } from './ffmpeg/run.ts';
import { segmentFiles, wholeFile } from './output/files.ts';
import { joinMp4 } from './output/join-mp4.ts';
import { joinOutput } from './output/joined-track.ts';
import { qcReport } from './output/qc.ts';
import { describeRenditions } from './output/renditions.ts';
import { textFiles } from './output/text-files.ts';
import { readTrack, type Track } from './output/track.ts';
import { thumbnailsOf, wholeTask } from './plan/task.ts';
import type { EncodeWhole, OutputFile, WholeEncode } from './types.ts';

/** By folder of the output: a rendition's name, or `audio`. */
type Tracks = Record<string, Track>;

async function readTracks(plan: EncodePlan, workDir: string, log: FfmpegLog): Promise<Tracks> {
  try {
    const tracks: Tracks = {};
    for (const { name } of plan.video)
      tracks[name] = await readTrack(workFiles.video(workDir, name));
    if (plan.audio) tracks[trackFiles.audioFolder] = await readTrack(workFiles.audio(workDir));
    return tracks;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EncodeError(
      'output_not_whole',
      `A file of the output is broken: ${error.message}`,
      log,
    );
  }
}

/** One file of the best rendition and the sound, from the work files. */
async function makeMp4(options: EncodeWhole): Promise<{ file: OutputFile; cpuSeconds: number }> {
  const { plan, workDir } = options;
  const [best] = plan.video;
  if (!best) throw new RangeError('A plan has at least one rendition.');
  const outPath = workFiles.mp4(workDir);
  const { cpuSeconds } = await joinMp4({
    ...options,
    videoPath: workFiles.video(workDir, best.name),
    audioPath: plan.audio && workFiles.audio(workDir),
    outPath,
    frames: plan.frames,
  });
  return { file: wholeFile(outputFiles.mp4, outPath), cpuSeconds };
}

const pictureFiles = (workDir: string, { thumbnails }: EncodeReport): OutputFile[] => [
  ...(thumbnails?.sheets ?? []).map((name) => wholeFile(name, workFiles.thumbnails(workDir, name))),
  wholeFile(outputFiles.poster, workFiles.poster(workDir)),
];

/**
 * Encodes a source whole: one ffmpeg process makes every rendition, the sound and the poster.
 * Rejects with an `EncodeError` (`output_not_whole` when the QC report fails), or with
 * `signal.reason`.
 */
export async function encodeWhole(options: EncodeWhole): Promise<WholeEncode> {
  const { ffmpeg, plan, formats, captions, workDir, signal, onProgress, stallSeconds } = options;
  const { media } = plan;
  const log = await runFfmpeg({
    ffmpegPath: ffmpeg.ffmpegPath,
    args: encodeArguments(options),
    signal,
    stallSeconds,
    files: toldInFiles(plan, workDir),
    onFrames: (frames) => onProgress(Math.min(1, frames / plan.frames)),
  });
  const loss = findLoss(media, log);
  const tracks = await readTracks(plan, workDir, log);
  const report: EncodeReport = {
    ...{ schemaVersion: 1, ffmpegBuild: ffmpeg.build, tracks },
    ...{ seam: null, thumbnails: thumbnailsOf(wholeTask(plan)), poster: true },
  };
  const part = { folder: '', report };
  const joined = joinOutput(plan, [part], part, { folder: '', tracks: captions });
  const qc = qcReport(joined);
  if (!qc.passed) throw new EncodeError('output_not_whole', qc.failures.join(' '), log);
  const renditions = describeRenditions(joined);
  const mp4 = formats.includes('mp4') ? await makeMp4(options) : null;
  return {
    files: [
      ...(mp4 ? [mp4.file] : []),
      ...Object.entries(tracks).flatMap(([folder, track]) => segmentFiles(folder, track)),
      ...pictureFiles(workDir, report),
      ...textFiles({ ...joined, renditions }, formats, qc),
    ],
    durationSeconds: plan.frames * qc.frameSeconds,
    renditions,
    qc,
    warnings: [...media.warnings, ...loss],
    cpuSeconds: log.cpuSeconds + (mp4?.cpuSeconds ?? 0),
    log: log.lines,
  };
}
