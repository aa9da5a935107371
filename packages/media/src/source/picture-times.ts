/** Interlaced pictures come 30 times a second at most, their fields 50 times at least. */
export const mostInterlacedPerSecond = 31;
const leastInterlacedSeconds = 0.028;

/** When the pictures of a source are shown, gathered from its packets, in ticks of its stream. */
export class PictureTimes {
  readonly #presented: number[] = [];
  readonly #decoded: number[] = [];
  #someUntimed = false;
  #delay = 0;
  #last = Number.NEGATIVE_INFINITY;
  #lastDuration: number | null = null;

  get packets(): number {
    return this.#presented.length;
  }

  /** Of the packet shown last, where it says one. */
  get lastDuration(): number | null {
    return this.#lastDuration;
  }

  add(pts: number | null, dts: number, duration: number | null): void {
    if (this.packets === 0 && pts !== null) this.#delay = pts - dts;
    if (pts === null) this.#someUntimed = true;
    const shown = pts ?? dts;
    this.#presented.push(shown);
    this.#decoded.push(dts);
    if (shown >= this.#last) {
      this.#last = shown;
      this.#lastDuration = duration;
    }
  }

  /**
   * Ascending. A program stream gives many pictures no `pts`: then decoding times serve for all,
   * moved by the reordering delay of the first, since a mixture would hold some times twice.
   */
  ticks(): number[] {
    const ticks = this.#someUntimed
      ? this.#decoded.map((tick) => tick + this.#delay)
      : this.#presented;
    return ticks.sort((a, b) => a - b);
  }
}

/**
 * Camcorders and broadcasters write H.264 field by field, each with a packet and a time of its own,
 * and a decoder makes one picture of two. Of ascending times, those of pictures.
 */
export function withoutSecondFields(ticks: readonly number[], tickSeconds: number): number[] {
  let last = Number.NEGATIVE_INFINITY;
  return ticks.filter((tick) => {
    if ((tick - last) * tickSeconds < leastInterlacedSeconds) return false;
    last = tick;
    return true;
  });
}
