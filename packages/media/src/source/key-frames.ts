import type { SourceVideo } from '@spillway/contracts';

/** How far apart the key frames of a source are, gathered from its pictures in the order of decoding. */
export class KeyFrameDistance {
  #key: number | null = null;
  #last = Number.NEGATIVE_INFINITY;
  #mostApart = 0;
  #open = false;

  /** `pts` in ticks; null where the container does not say when the picture is shown. */
  add(pts: number | null, isKey: boolean): void {
    // Nothing shows whether pictures without a time come before the key frame that they follow.
    if (pts === null) this.#open = true;
    else if (this.#key !== null && pts < this.#key) this.#open = true;
    if (pts === null) return;
    this.#last = Math.max(this.#last, pts);
    if (!isKey) return;
    if (this.#key !== null) this.#mostApart = Math.max(this.#mostApart, pts - this.#key);
    this.#key = pts;
  }

  /** In ticks; the way from the last key frame to the last picture counts too. */
  measured(): { mostApart: number; open: boolean } {
    const behindLast = this.#key === null ? 0 : this.#last - this.#key;
    return { mostApart: Math.max(this.#mostApart, behindLast), open: this.#open };
  }
}

/** Null for a source of one picture. */
export const inSeconds = (
  { mostApart, open }: { mostApart: number; open: boolean },
  tickSeconds: number,
): SourceVideo['keyFrames'] =>
  mostApart > 0 ? { mostSecondsApart: mostApart * tickSeconds, open } : null;
