import type { EncodedFile, OutputFile } from '@spillway/media';
import { eachOf } from '@spillway/runtime';
import type { Attempt } from './attempt.ts';
import type { EncodeParts } from './work.ts';

/** All files of a short output: the file store puts those of one moment in one go. */
const FILES_AT_ONCE = 16;

/** In any order: nobody knows the attempt's prefix before its result names it. */
export async function uploadFiles(
  { storage, media, observer }: EncodeParts,
  attempt: Attempt,
  files: readonly OutputFile[],
): Promise<void> {
  await eachOf(files, FILES_AT_ONCE, async (file) => {
    attempt.signal.throwIfAborted();
    const body = await media.open(file);
    const { bytes } = await storage.put(attempt.prefix + file.name, body);
    observer.moved('uploaded', bytes);
  });
}

/** They are in memory: some 20 MB with the largest segments. */
const STREAMED_AT_ONCE = 8;

type Put = (name: string, data: Uint8Array) => Promise<unknown>;

/**
 * The files of a running encode on their way into the object store: several at once, so that ffmpeg
 * does not wait for each, and no more than that, so that it waits for a slow store.
 */
export class Uploads {
  readonly #put: Put;
  readonly #onStored: (files: number) => void;
  readonly #underWay = new Map<number, Promise<void>>();
  #added = 0;
  #failure: { readonly error: unknown } | null = null;

  /** `onStored` hears how many files from the first on are there, without a gap. */
  constructor(put: Put, onStored: (files: number) => void) {
    this.#put = put;
    this.#onStored = onStored;
  }

  /** Resolves when there is room for the next one; rejects when one has failed. */
  async add({ name, data }: EncodedFile): Promise<void> {
    while (this.#underWay.size >= STREAMED_AT_ONCE) await Promise.race(this.#underWay.values());
    if (this.#failure) throw this.#failure.error;
    const index = this.#added++;
    this.#underWay.set(index, this.#upload(index, name, data));
  }

  async #upload(index: number, name: string, data: Uint8Array): Promise<void> {
    try {
      await this.#put(name, data);
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#underWay.delete(index);
    if (!this.#failure) this.#onStored(Math.min(this.#added, ...this.#underWay.keys()));
  }

  /** Resolves when nothing is under way any more, whatever became of it. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  /** Rejects when one has failed. */
  async finish(): Promise<void> {
    await this.settled();
    if (this.#failure) throw this.#failure.error;
  }
}
