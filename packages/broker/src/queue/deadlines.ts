import { type MessageTable, none } from './messages.ts';

/** A binary heap of the messages that nobody may receive yet, the first to become visible on top. */
export class Deadlines {
  readonly #table: MessageTable;
  readonly #heap: number[] = [];

  constructor(table: MessageTable) {
    this.#table = table;
  }

  /** When the next message becomes visible, in milliseconds since 1970. */
  get next(): number | undefined {
    const top = this.#heap[0];
    return top === undefined ? undefined : this.#table.visibleAt.get(top);
  }

  /** Adds the message, or finds its new place after its `visibleAt` changed. */
  set(slot: number, visibleAt: number): void {
    this.#table.visibleAt.set(slot, visibleAt);
    let index = this.#table.heapIndex.get(slot);
    if (index === none) {
      index = this.#heap.length;
      this.#heap.push(slot);
      this.#table.heapIndex.set(slot, index);
    }
    this.#up(slot, index);
    this.#down(slot, this.#table.heapIndex.get(slot));
  }

  remove(slot: number): void {
    const index = this.#table.heapIndex.get(slot);
    if (index === none) return;
    this.#table.heapIndex.set(slot, none);
    const last = this.#heap.pop() as number;
    if (last === slot) return;
    this.#put(last, index);
    this.#up(last, index);
    this.#down(last, this.#table.heapIndex.get(last));
  }

  /** Removes and returns a message whose time has come, the earliest first. */
  popDue(now: number): number | undefined {
    const top = this.#heap[0];
    if (top === undefined || this.#table.visibleAt.get(top) > now) return undefined;
    this.remove(top);
    return top;
  }

  #put(slot: number, index: number): void {
    this.#heap[index] = slot;
    this.#table.heapIndex.set(slot, index);
  }

  #up(slot: number, from: number): void {
    const at = this.#table.visibleAt.get(slot);
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex] as number;
      if (this.#table.visibleAt.get(parent) <= at) break;
      this.#put(parent, index);
      index = parentIndex;
    }
    this.#put(slot, index);
  }

  #down(slot: number, from: number): void {
    const at = this.#table.visibleAt.get(slot);
    let index = from;
    for (;;) {
      let childIndex = index * 2 + 1;
      if (childIndex >= this.#heap.length) break;
      let child = this.#heap[childIndex] as number;
      const right = this.#heap[childIndex + 1];
      if (right !== undefined && this.#before(right, child)) {
        child = right;
        childIndex += 1;
      }
      if (this.#table.visibleAt.get(child) >= at) break;
      this.#put(child, index);
      index = childIndex;
    }
    this.#put(slot, index);
  }

  #before(one: number, other: number): boolean {
    return this.#table.visibleAt.get(one) < this.#table.visibleAt.get(other);
  }
}
