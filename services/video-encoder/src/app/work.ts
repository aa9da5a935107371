import type { Outcome } from '@spillway/contracts';
import type { Buckets, ObjectStore } from '@spillway/storage';
import type { CheckLocalFile, Lend, Media, Observer } from './ports.ts';

/** What the use cases around ffmpeg need. */
export interface EncodeParts {
  readonly storage: ObjectStore;
  readonly media: Media;
  readonly observer: Observer;
  readonly checkLocalFile: CheckLocalFile | null;
  /** Of customers. */
  readonly buckets: Buckets;
  /** For sources that are no files. */
  readonly lend: Lend;
  readonly cores: number;
}

/** What an attempt made, and what it cost. */
export interface Work {
  readonly outcome: Outcome;
  readonly cpuSeconds: number;
  readonly ffmpegBuild: string | null;
}
