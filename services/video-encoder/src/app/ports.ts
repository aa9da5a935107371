import type { Readable } from 'node:stream';
import type { EncodePlan, JobKind, JobResult, SourceMedia } from '@spillway/contracts';
import type {
  EncodeChunk,
  EncodePart,
  EncodeWhole,
  OutputFile,
  PartEncode,
  VerifiedCut,
  WholeEncode,
} from '@spillway/media';

/** What the worker itself knows of its ffmpeg is left out of what the use cases say. */
type Known = 'ffmpeg' | 'stallSeconds';

/** `name` is of the attempt and names its work files. */
export interface WholeOptions extends Omit<EncodeWhole, Known | 'workDir'> {
  readonly name: string;
}

export interface Encoded extends WholeEncode {
  /** Removes the work files; only then may the caller forget them. */
  remove(): Promise<void>;
}

export interface CutOptions {
  readonly address: string;
  readonly plan: EncodePlan;
  readonly signal: AbortSignal;
}

export type PartOptions = Omit<EncodePart, Known>;
export type ChunkOptions = Omit<EncodeChunk, Known>;

export interface JoinOptions {
  /** Of the attempt: names its work files. */
  readonly name: string;
  /** The bytes of a track: its init segment, then its segments. */
  readonly video: AsyncIterable<Uint8Array>;
  readonly audio: AsyncIterable<Uint8Array> | null;
  /** That the picture must have. */
  readonly frames: number;
  readonly signal: AbortSignal;
}

export interface Joined {
  readonly file: OutputFile;
  readonly cpuSeconds: number;
  /** Removes the work files. */
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
  verifyCut(options: CutOptions): Promise<VerifiedCut>;
  encodeWhole(options: WholeOptions): Promise<Encoded>;
  /** Rejects with what `onFile` rejected with, when that ended it. */
  encodeChunk(options: ChunkOptions): Promise<PartEncode>;
  encodeAudio(options: PartOptions): Promise<PartEncode>;
  joinMp4(options: JoinOptions): Promise<Joined>;
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
  /** Where the customer may send fewer than the worker takes. */
  readonly maxBytes?: number | undefined;
  /** Bytes that are here, and of how many; null when the server does not say. */
  readonly onBytes: (received: number, total: number | null) => void;
}

/** The bytes behind a customer's address; the stream breaks with a `JobError`, or the signal's reason. */
export type Download = (url: string, options: DownloadOptions) => Readable;

/** An object that is read in pieces, and must still be the one that was accepted. */
export interface PinnedObject {
  readonly bytes: number;
  /** Both ends included; rejects with a `JobError` that is permanent when it is another, or gone. */
  read(start: number, end: number): Promise<Buffer>;
}

/** An object that programs of this machine read by ranges at `address`, until it is closed. */
export interface Lent {
  readonly address: string;
  /** Why a reader got less than it asked for; null when none did. */
  fault(): unknown;
  close(): void;
}
export type Lend = (object: PinnedObject) => Promise<Lent>;

export type AttemptEnd = 'succeeded' | 'failed' | 'retried' | 'given_back' | 'canceled';

/** Counts what the worker does. */
export interface Observer {
  /** A worker that does so many jobs at once is there; the answer is to be called when it has gone. */
  offers(slots: { readonly encode: number; readonly ingest: number }): () => void;
  began(kind: JobKind): void;
  ended(kind: JobKind, end: AttemptEnd, elapsedSeconds: number): void;
  usedCpu(kind: JobKind, seconds: number): void;
  moved(direction: 'fetched' | 'uploaded', bytes: number): void;
}
