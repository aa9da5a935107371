import type { EncodePlan, QcReport, Rendition } from '@spillway/contracts';

/** A pair of programs that were found and answered. */
export type Ffmpeg = {
  ffmpegPath: string;
  ffprobePath: string;
  /** First line of `ffmpeg -version`; an order's chunks come from one build (law 9). */
  build: string;
  /** Built with zimg, without which HDR cannot be brought down to SDR. */
  canToneMap: boolean;
};

/** One file of a finished output, and where its bytes are. */
export type OutputFile = { name: string } & (
  | { from: 'file'; path: string; start: number /** Exclusive. */; end: number }
  | { from: 'memory'; data: Uint8Array }
);

export type WholeEncode = {
  /** Every file of the output; names are paths under its prefix: `720p/00001.m4s`. */
  files: OutputFile[];
  durationSeconds: number;
  renditions: Rendition[];
  qc: QcReport;
  warnings: string[];
  /** User and system time of ffmpeg. */
  cpuSeconds: number;
  /** The last lines of ffmpeg, oldest first, at most 20. */
  log: string[];
};

export type EncodeWhole = {
  ffmpeg: Ffmpeg;
  /** Absolute path of a file, or an https address of our own object store. */
  address: string;
  plan: EncodePlan;
  /** An empty folder; slices in `files` point into it. The caller removes it. */
  workDir: string;
  signal: AbortSignal;
  /** Called with 0..1 as ffmpeg proceeds. */
  onProgress: (fraction: number) => void;
  /** Ends ffmpeg, with `encode_stalled`, when it made no progress for so long. */
  stallSeconds: number;
};
