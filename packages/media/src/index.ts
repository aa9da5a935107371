import type { EncodePlan } from '@spillway/contracts';
import type { EncodeWhole, Ffmpeg, SourceMedia, WholeEncode } from './types.ts';

export type {
  Colour,
  EncodeWhole,
  Ffmpeg,
  OutputFile,
  SourceAudio,
  SourceMedia,
  SourceVideo,
  WholeEncode,
} from './types.ts';

/**
 * The functions of this package, as the encoder service uses them; each is exported under this name.
 * All reject with a `JobError` (typed code, one plain sentence), or with `signal.reason` when aborted.
 */
export type Media = {
  /** The given paths, else the PATH, else the static builds from npm; throws an Error when none works. */
  findFfmpeg(options?: { ffmpegPath?: string; ffprobePath?: string }): Promise<Ffmpeg>;
  inspectSource(
    ffmpeg: Ffmpeg,
    address: string,
    options: { allowPartial: boolean; signal: AbortSignal },
  ): Promise<SourceMedia>;
  /** Pure. */
  planWhole(media: SourceMedia): EncodePlan;
  /**
   * One ffmpeg process makes everything. What it throws when ffmpeg ran is an `EncodeError`: a
   * `JobError` with `log` (at most 20 lines) and `cpuSeconds`. A failed QC throws `output_not_whole`.
   */
  encodeWhole(options: EncodeWhole): Promise<WholeEncode>;
};
