import type { FailureCode, SourceMedia } from '@spillway/contracts';
import type {
  EncodeChunk,
  EncodedFile,
  EncodePart,
  EncodeWhole,
  Ffmpeg,
  JoinMp4,
  PartEncode,
  VerifiedCut,
  VerifyCut,
  WholeEncode,
} from '@spillway/media';

/** Neither functions nor signals cross the channel: messages stand for them. */
type Told<Options> = Omit<Options, 'signal' | 'onProgress' | 'onFile'>;

/** What the worker asks of its media process, and what it gets. */
export interface Calls {
  inspect: {
    options: { readonly ffmpeg: Ffmpeg; readonly address: string; readonly allowPartial: boolean };
    value: SourceMedia;
  };
  verifyCut: { options: Told<VerifyCut>; value: VerifiedCut };
  encodeWhole: {
    options: Told<EncodeWhole>;
    value: { readonly encoded: WholeEncode; readonly workDirRemoved: boolean };
  };
  encodeChunk: { options: Told<EncodeChunk>; value: PartEncode };
  encodeAudio: { options: Told<EncodePart>; value: PartEncode };
  joinMp4: { options: Told<JoinMp4>; value: { readonly cpuSeconds: number } };
}

export type CallName = keyof Calls;

/** `id` names the call in every message about it. */
export type Request = { readonly id: number } & (
  | {
      [Name in CallName]: { readonly asks: Name; readonly options: Calls[Name]['options'] };
    }[CallName]
  | { readonly asks: 'abort' }
  /** A file was taken: its encode may go on. */
  | { readonly asks: 'continue'; readonly file: number }
);

export type Answer = { readonly id: number } & (
  | { readonly says: 'progress'; readonly fraction: number }
  | ({ readonly says: 'file'; readonly file: number } & EncodedFile)
  | { readonly says: 'done'; readonly value: Calls[CallName]['value'] }
  | { readonly says: 'failed'; readonly error: ToldError }
);

/** `ended`: programs that have, since the last reply. */
export type Reply = Answer & { readonly ended: readonly number[] };

/** A program that the media process started; should it die, the worker ends what it leaves behind. */
export interface Started {
  readonly says: 'started';
  readonly pid: number;
}

/** An error as it crosses the channel, where classes are lost. */
export interface ToldError {
  /** Null when it is no `JobError`. */
  readonly code: FailureCode | null;
  /** The error's own, such as `ENOSPC`. */
  readonly systemCode: string | null;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of an `EncodeError`, else null. */
  readonly run: {
    readonly log: string[];
    readonly cpuSeconds: number;
    readonly exit: string | null;
  } | null;
}
