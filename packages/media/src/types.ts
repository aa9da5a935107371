import type {
  CaptionsTrack,
  EncodePlan,
  EncodeReport,
  Outputs,
  QcReport,
  Rendition,
} from '@spillway/contracts';

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
  formats: Outputs['formats'];
  /** Whose files, but for the playlists, are the caller's to write. */
  captions: readonly CaptionsTrack[];
  /** An empty folder; slices in `files` point into it. The caller removes it. */
  workDir: string;
  signal: AbortSignal;
  /** Called with 0..1 as ffmpeg proceeds. */
  onProgress: (fraction: number) => void;
  /** Ends ffmpeg, with `encode_stalled`, when it made no progress for so long. */
  stallSeconds: number;
};

/** One file of a chunk or of the sound, under its attempt's prefix: `720p/00013.m4s`. */
export type EncodedFile = { name: string; data: Uint8Array };

export type EncodePart = Omit<EncodeWhole, 'formats' | 'captions' | 'workDir'> & {
  /**
   * Takes each file as soon as it is whole, an init segment before its segments. ffmpeg waits while the
   * promise is pending; what it rejects with ends the encode.
   */
  onFile: (file: EncodedFile) => Promise<void>;
};

/** `index` is that of the chunk in the plan. */
export type EncodeChunk = EncodePart & { index: number };

export type PartEncode = Pick<WholeEncode, 'warnings' | 'cpuSeconds' | 'log'> & {
  /** For the caller to write as `report.json`, behind the files. */
  report: EncodeReport;
};

export type VerifyCut = Pick<EncodeWhole, 'ffmpeg' | 'address' | 'plan' | 'signal'>;

/** A plan whose cuts are right, or in one sentence why the source is encoded whole. */
export type VerifiedCut = { plan: EncodePlan } | { reason: string };
