import type { EncodePlan, QcReport, Rational, Rendition } from '@spillway/contracts';

/** A pair of programs that were found and answered. */
export type Ffmpeg = {
  ffmpegPath: string;
  ffprobePath: string;
  /** First line of `ffmpeg -version`; an order's chunks come from one build (law 9). */
  build: string;
  /** Built with zimg, without which HDR cannot be brought down to SDR. */
  canToneMap: boolean;
};

/** Matrix, primaries and transfer in ffmpeg's names. */
export type Colour = { matrix: string; primaries: string; transfer: string };

export type SourceVideo = {
  /** As ffmpeg counts all streams. */
  streamIndex: number;
  codec: string;
  /** As shown: after rotation and with square pixels. */
  width: number;
  height: number;
  pixelFormat: string;
  fullRange: boolean;
  colour: Colour;
  isHdr: boolean;
  interlaced: boolean;
  /** Of the output grid: the source's own rate, or the one that a variable rate is brought to. */
  frameRate: Rational;
  /** False for a variable or reduced rate: then `frames` and the output's count differ. */
  constantRate: boolean;
  /** Frames that the file holds, counted in its index or packet by packet; never estimated. */
  frames: number;
  /** Where its pictures begin and end on the source's own clock. */
  startSeconds: number;
  endSeconds: number;
};

export type SourceAudio = {
  streamIndex: number;
  codec: string;
  channels: number;
  sampleRate: number;
  startSeconds: number;
  /** Null where only a decode could tell. */
  endSeconds: number | null;
  /** ISO 639-2, null when the source does not say. */
  language: string | null;
};

/** What `inspectSource` learned: plain data. */
export type SourceMedia = {
  container: string;
  durationSeconds: number;
  video: SourceVideo;
  audio: SourceAudio | null;
  /** The caller accepted that media data may be missing (`outputs.allowPartial`). */
  allowPartial: boolean;
  warnings: string[];
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
  media: SourceMedia;
  plan: EncodePlan;
  /** An empty folder; slices in `files` point into it. The caller removes it. */
  workDir: string;
  signal: AbortSignal;
  /** Called with 0..1 as ffmpeg proceeds. */
  onProgress: (fraction: number) => void;
  /** Ends ffmpeg, with `encode_stalled`, when it made no progress for so long. */
  stallSeconds: number;
};
