import type { SourceVideo } from '@spillway/contracts';

/** How far apart the key frames of a source are, gathered from its pictures in the order of decoding. */
export class KeyFrameDistance {
  #key: number | null = null;
  #last = Number.NEGATIVE_INFINITY;
  #mostApart = 0;
  #open = false;

  /**
   * A time in ticks, and whether it is when the picture is shown, not only when it is decoded: then
   * nothing tells whether it comes before the key frame that it follows.
   */
  add(tick: number, isShown: boolean, isKey: boolean): void {
    if (!isShown || (this.#key !== null && tick < this.#key)) this.#open = true;
    this.#last = Math.max(this.#last, tick);
    if (!isKey) return;
    if (this.#key !== null) this.#mostApart = Math.max(this.#mostApart, tick - this.#key);
    this.#key = tick;
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
