import type { FailureCode, SourceMedia } from '@spillway/contracts';
import type { EncodeWhole, Ffmpeg, WholeEncode } from '@spillway/media';

/** What the worker asks its media process; `id` names the call in every message about it. */
export type Request = { readonly id: number } & (
  | {
      readonly asks: 'inspect';
      readonly ffmpeg: Ffmpeg;
      readonly address: string;
      readonly allowPartial: boolean;
    }
  | {
      readonly asks: 'encodeWhole';
      readonly options: Omit<EncodeWhole, 'signal' | 'onProgress'>;
    }
  | { readonly asks: 'abort' }
);

export type Reply = { readonly id: number } & (
  | { readonly says: 'progress'; readonly fraction: number }
  | { readonly says: 'inspected'; readonly value: SourceMedia }
  | { readonly says: 'encoded'; readonly value: WholeEncode; readonly workDirRemoved: boolean }
  | { readonly says: 'failed'; readonly error: ToldError }
);

/** An error as it crosses the channel, where classes are lost. */
export interface ToldError {
  /** Null when it is no `JobError`. */
  readonly code: FailureCode | null;
  /** The error's own, such as `ENOSPC`. */
  readonly systemCode: string | null;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of an `EncodeError`, else null. */
  readonly run: { readonly log: string[]; readonly cpuSeconds: number } | null;
}
