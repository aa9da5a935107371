/** No slot: the end of a list. */
export const none = 0xffffffff;

/** A growing column of doubles. */
class Doubles {
  #cells = new Float64Array(256);

  get(slot: number): number {
    return this.#cells[slot] as number;
  }

  set(slot: number, value: number): void {
    this.#cells[slot] = value;
  }

  grow(capacity: number): void {
    const cells = new Float64Array(capacity);
    cells.set(this.#cells);
    this.#cells = cells;
  }
}

/** A growing column of unsigned 32-bit words. */
class Words {
  #cells = new Uint32Array(256);

  get(slot: number): number {
    return this.#cells[slot] as number;
  }

  set(slot: number, value: number): void {
    this.#cells[slot] = value;
  }

  grow(capacity: number): void {
    const cells = new Uint32Array(capacity);
    cells.set(this.#cells);
    this.#cells = cells;
  }
}

/**
 * The state of every message, in columns: 68 bytes a message, where a Map of objects takes 340. The
 * bodies stay on disk. A slot is a message's index while it lives, and keeps it across restarts;
 * slot and sequence together are never used twice.
 */
export class MessageTable {
  /** Place in the order of arrival; 0: the slot is free. */
  readonly sequence = new Doubles();
  readonly position = new Doubles();
  readonly bytes = new Words();
  readonly lane = new Words();
  readonly next = new Words();
  readonly previous = new Words();
  readonly visibleAt = new Doubles();
  readonly sentAt = new Doubles();
  readonly firstReceivedAt = new Doubles();
  readonly receives = new Words();
  /** Index in the heap of deadlines; {@link none} when the message is visible. */
  readonly heapIndex = new Words();
  #capacity = 256;
  #used = 0;
  #free: number[] = [];
  #liveBytes = 0;

  /** Disk space of the messages that live. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  /** Slots below this may be in use. */
  get used(): number {
    return this.#used;
  }

  isLive(slot: number, sequence: number): boolean {
    return slot < this.#used && sequence > 0 && this.sequence.get(slot) === sequence;
  }

  /** A free slot, not yet taken: {@link occupy} takes it. */
  nextSlot(): number {
    return this.#free.at(-1) ?? this.#used;
  }

  /** Takes the slot given by {@link nextSlot}. */
  occupy(slot: number, sequence: number, position: number, bytes: number): void {
    if (this.#free.length > 0) this.#free.pop();
    else this.ensure(slot);
    this.place(slot, sequence, position, bytes);
    this.next.set(slot, none);
    this.previous.set(slot, none);
    this.heapIndex.set(slot, none);
  }

  /** Sets where a message is on disk, when it is new and when compaction moved it. */
  place(slot: number, sequence: number, position: number, bytes: number): void {
    if (this.sequence.get(slot) > 0) this.#liveBytes -= this.bytes.get(slot);
    this.#liveBytes += bytes;
    this.sequence.set(slot, sequence);
    this.position.set(slot, position);
    this.bytes.set(slot, bytes);
  }

  release(slot: number): void {
    this.#liveBytes -= this.bytes.get(slot);
    this.sequence.set(slot, 0);
    this.#free.push(slot);
  }

  /** Makes `slot` usable; recovery fills slots in the order of the log. */
  ensure(slot: number): void {
    if (slot >= this.#capacity) this.#grow(slot + 1);
    if (slot >= this.#used) this.#used = slot + 1;
  }

  /** After recovery: every slot without a message is free, the lowest to be used first. */
  collectFree(): void {
    this.#free = [];
    for (let slot = this.#used - 1; slot >= 0; slot -= 1) {
      if (this.sequence.get(slot) === 0) this.#free.push(slot);
    }
  }

  #grow(needed: number): void {
    while (this.#capacity < needed) this.#capacity *= 2;
    const columns = [
      ...[this.sequence, this.position, this.visibleAt, this.sentAt, this.firstReceivedAt],
      ...[this.bytes, this.lane, this.next, this.previous, this.receives, this.heapIndex],
    ];
    for (const column of columns) column.grow(this.#capacity);
  }
}

/** A doubly linked list of slots, its links kept in the table. */
export class SlotList {
  head = none;
  tail = none;
  readonly #table: MessageTable;

  constructor(table: MessageTable) {
    this.#table = table;
  }

  get isEmpty(): boolean {
    return this.head === none;
  }

  push(slot: number): void {
    this.#table.previous.set(slot, this.tail);
    this.#table.next.set(slot, none);
    if (this.tail === none) this.head = slot;
    else this.#table.next.set(this.tail, slot);
    this.tail = slot;
  }

  remove(slot: number): void {
    const previous = this.#table.previous.get(slot);
    const next = this.#table.next.get(slot);
    if (previous === none) this.head = next;
    else this.#table.next.set(previous, next);
    if (next === none) this.tail = previous;
    else this.#table.previous.set(next, previous);
  }
}
