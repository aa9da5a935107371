import type { Readable } from 'node:stream';
import type { JobKind, JobResult, SourceMedia } from '@spillway/contracts';
import type { EncodeWhole, OutputFile, WholeEncode } from '@spillway/media';

/** What to encode; `name` is of the attempt and names its work files. */
export interface EncodeOptions extends Omit<EncodeWhole, 'ffmpeg' | 'stallSeconds' | 'workDir'> {
  readonly name: string;
}

export interface Encoded extends WholeEncode {
  /** Removes the work files; only then may the caller forget them. */
  remove(): Promise<void>;
}

/** ffmpeg, as the use cases need it. Everything rejects with a `JobError`, or the signal's reason. */
export interface Media {
  /** First line of `ffmpeg -version`. */
  readonly build: string;
  inspect(
    address: string,
    options: { allowPartial: boolean; signal: AbortSignal },
  ): Promise<SourceMedia>;
  encodeWhole(options: EncodeOptions): Promise<Encoded>;
  /** The bytes of one file of a finished encode. */
  open(file: OutputFile): Promise<Uint8Array | Readable>;
}

/** Rejects with a `JobError` for what is no regular file; there is no check where no file may be named. */
export type CheckLocalFile = (path: string) => Promise<void>;

/** Tells the coordinator; resolves when the result is durable, and tries for a while until it is. */
export type SendResult = (
  result: JobResult,
  options: { readonly traceparent: string | undefined; readonly signal: AbortSignal },
) => Promise<void>;

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes that are here, and of how many; null when the server does not say. */
  readonly onBytes: (received: number, total: number | null) => void;
}

/** The bytes behind a customer's address; the stream breaks with a `JobError`, or the signal's reason. */
export type Download = (url: string, options: DownloadOptions) => Readable;

export type AttemptEnd = 'succeeded' | 'failed' | 'retried' | 'given_back' | 'canceled';

/** Counts what the worker does. */
export interface Observer {
  began(kind: JobKind): void;
  ended(kind: JobKind, end: AttemptEnd, elapsedSeconds: number): void;
  usedCpu(kind: JobKind, seconds: number): void;
  moved(direction: 'fetched' | 'uploaded', bytes: number): void;
}
