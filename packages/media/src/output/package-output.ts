import type { EncodePlan, EncodeReport, Output, Outputs, QcReport } from '@spillway/contracts';
import type { OutputFile } from '../types.ts';

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
};

export type PackagedOutput = {
  /** Playlists, manifest, thumbnails.vtt and qc.json, in memory; the playlists last. */
  files: OutputFile[];
  output: Output;
  qc: QcReport;
  warnings: string[];
};

/**
 * Joins what was encoded apart: nothing is read or copied, the playlists name the segments where they lie.
 * `unfit` says where chunks do not meet although each of them is whole: then the source must be encoded
 * whole. Anything else that is not as planned throws a `JobError` `output_not_whole`.
 */
export function packageOutput(_options: PackageOutput): PackagedOutput | { unfit: string } {
  throw new Error('not written yet');
}
