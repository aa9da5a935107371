import {
  type CutCaptions,
  type EncodePlan,
  type EncodeReport,
  JobError,
  type Output,
  type Outputs,
  type QcReport,
} from '@spillway/contracts';
import type { OutputFile } from '../types.ts';
import { besidePrefix } from './early-playlists.ts';
import { joinOutput, noCaptions, type Part } from './joined-track.ts';
import { qcReport, seamFailure } from './qc.ts';
import { describeRenditions } from './renditions.ts';
import { textFiles } from './text-files.ts';

/** The files of an attempt that won, and what it said of them in its `report.json`. */
export type EncodedPart = { prefix: string; report: EncodeReport };

export type PackageOutput = {
  plan: EncodePlan;
  outputs: Pick<Outputs, 'formats'>;
  /** Of the attempt at `package`; the parts lie beside it, under the same order. */
  prefix: string;
  /** All chunks of the plan, in order. */
  chunks: readonly EncodedPart[];
  audio: EncodedPart | null;
  captions: CutCaptions | null;
};

export type PackagedOutput = {
  /** Playlists, manifest, thumbnails.vtt and qc.json, in memory; master.m3u8 last. */
  files: OutputFile[];
  output: Output;
  qc: QcReport;
};

const placed = ({ prefix, report }: EncodedPart): Part => ({
  folder: besidePrefix(prefix),
  report,
});

/**
 * Joins what was encoded apart: nothing is read or copied, the playlists name the segments where they lie.
 * `unfit` says that chunks do not meet although each of them is whole: then the source must be encoded
 * whole. Anything else that is not as planned throws a `JobError` `output_not_whole`.
 */
export function packageOutput(options: PackageOutput): PackagedOutput | { unfit: string } {
  const { plan, outputs, prefix, chunks, audio, captions } = options;
  const joined = joinOutput(
    plan,
    chunks.map(placed),
    audio && placed(audio),
    captions ? { folder: besidePrefix(captions.prefix), tracks: captions.tracks } : noCaptions,
  );
  const qc = qcReport(joined);
  const unfit = seamFailure(qc);
  if (unfit && qc.failures.length === 1) return { unfit };
  if (!qc.passed) throw new JobError('output_not_whole', qc.failures.join(' '));
  const renditions = describeRenditions(joined);
  return {
    files: textFiles({ ...joined, renditions }, outputs.formats, qc),
    output: { prefix, durationSeconds: plan.frames * qc.frameSeconds, renditions },
    qc,
  };
}
