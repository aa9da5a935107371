import type { FailureCode, SourceMedia } from '@spillway/contracts';
import { sampleMedia } from '@spillway/contracts/testing';
import type { Random } from './random.ts';

/** What a source turns out to be when it is worked on. */
export interface Film {
  readonly number: number;
  /** 0: short, encoded whole on the spot. */
  readonly chunks: number;
  readonly hasAudio: boolean;
  /** How it goes wrong, every time; null: it does not. */
  readonly flaw: Flaw | null;
  /** Its chunks do not meet, which only `package` sees. */
  readonly isUnfit: boolean;
  /** Its cuts do not verify. */
  readonly isUncuttable: boolean;
  /** How many are ordered with it. */
  readonly captions: number;
}

export interface Flaw {
  /** `encode` is the whole encode, or that of the first chunk. */
  readonly at: 'download' | 'captions' | 'inspect' | 'encode';
  readonly code: FailureCode;
}

const flaws: readonly Flaw[] = [
  { at: 'download', code: 'source_not_found' },
  { at: 'download', code: 'source_unreachable' },
  { at: 'captions', code: 'captions_invalid' },
  { at: 'inspect', code: 'source_not_media' },
  { at: 'encode', code: 'source_truncated' },
  { at: 'encode', code: 'encode_failed' },
  { at: 'encode', code: 'encode_stalled' },
];

export function drawFilm(random: Random, number: number): Film {
  const chunks = random.pick([0, 0, 2, 2, 3, 4]);
  const isUnfit = random.chance(0.1);
  const isUncuttable = random.chance(0.1);
  // A long film that is encoded whole has hundreds of segments: too many to be simulated.
  const captions = isUnfit || isUncuttable ? 0 : random.pick([0, 0, 1, 2]);
  const possible = flaws.filter(({ at }) => at !== 'captions' || captions > 0);
  return {
    number,
    chunks,
    hasAudio: random.chance(0.5),
    flaw: random.chance(0.2) ? random.pick(possible) : null,
    isUnfit,
    isUncuttable,
    captions,
  };
}

const ADDRESS = 'https://films.example.com/';

export const filmAddress = ({ number }: Film): string => `${ADDRESS}${number}.mp4`;

export const captionsAddresses = ({ number, captions }: Film): string[] =>
  Array.from({ length: captions }, (_, index) => `${ADDRESS}${number}-${index}.vtt`);

export const isCaptionsAddress = (address: string): boolean => address.endsWith('.vtt');

export const filmNumber = (address: string): number =>
  Number.parseInt(address.slice(ADDRESS.length), 10);

const FRAMES_A_SECOND = 24;
/** Small pictures, so many that a chunk of them is worth a job of its own. */
export const CHUNK_FRAMES = 12_000;
const SAMPLE_RATE = 48_000;

/** What an inspection of a film finds. */
export function mediaOf(film: Film, allowPartial: boolean): SourceMedia {
  const frames = film.chunks === 0 ? 2 * FRAMES_A_SECOND : film.chunks * CHUNK_FRAMES;
  const durationSeconds = frames / FRAMES_A_SECOND;
  return {
    ...sampleMedia,
    durationSeconds,
    video: {
      ...sampleMedia.video,
      frameRate: { numerator: FRAMES_A_SECOND, denominator: 1 },
      frames,
      endSeconds: durationSeconds,
    },
    audio: film.hasAudio
      ? {
          streamIndex: 1,
          codec: 'aac',
          channels: 2,
          sampleRate: SAMPLE_RATE,
          startSeconds: 0,
          endSeconds: durationSeconds,
          language: null,
        }
      : null,
    allowPartial,
    warnings: [],
  };
}
