interface Planned {
  readonly at: number;
  readonly number: number;
  readonly run: () => void;
}

/** Runs what was planned in the order of its time; of one time, in the order of planning. */
export class Clock {
  now = 0;
  #heap: Planned[] = [];
  #planned = 0;

  /** Plans something in `seconds` from now. */
  after(seconds: number, run: () => void): void {
    this.#planned += 1;
    const heap = this.#heap;
    heap.push({ at: this.now + seconds, number: this.#planned, run });
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfLater(parent, index)) break;
      index = parent;
    }
  }

  /** Runs the next thing planned. False when there is none. */
  step(): boolean {
    const heap = this.#heap;
    const next = heap[0];
    const last = heap.pop();
    if (!next || !last) return false;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    this.now = next.at;
    next.run();
    return true;
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.#heap.length) return;
      const child = left + 1 < this.#heap.length && this.#isLater(left, left + 1) ? left + 1 : left;
      if (!this.#swapIfLater(index, child)) return;
      index = child;
    }
  }

  #isLater(one: number, other: number): boolean {
    const a = this.#heap[one];
    const b = this.#heap[other];
    return a !== undefined && b !== undefined && (a.at - b.at || a.number - b.number) > 0;
  }

  #swapIfLater(parent: number, child: number): boolean {
    const a = this.#heap[parent];
    const b = this.#heap[child];
    if (!a || !b || !this.#isLater(parent, child)) return false;
    this.#heap[parent] = b;
    this.#heap[child] = a;
    return true;
  }
}
