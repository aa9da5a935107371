import type { Process } from './process.ts';

export interface Appointment {
  time: number;
  readonly order: number;
  /** Whose code it runs; null for the world's own. */
  readonly owner: Process | null;
  /** Null once it was called off. */
  fire: (() => void) | null;
}

const isBefore = (a: Appointment, b: Appointment): boolean =>
  a.time < b.time || (a.time === b.time && a.order < b.order);

/** What will happen when, in virtual milliseconds since the start: a binary heap. */
export class Timeline {
  now = 0;
  readonly #heap: Appointment[] = [];
  #count = 0;

  after(ms: number, owner: Process | null, fire: () => void): Appointment {
    return this.at(this.now + Math.max(0, ms), owner, fire);
  }

  at(time: number, owner: Process | null, fire: () => void): Appointment {
    this.#count += 1;
    const appointment = { time, order: this.#count, owner, fire };
    this.#push(appointment);
    return appointment;
  }

  /** One that was taken off comes now, after all. */
  makeUp(appointment: Appointment): void {
    appointment.time = this.now;
    this.#push(appointment);
  }

  /** The next one that still stands, taken off; null when nothing will ever happen. */
  next(): Appointment | null {
    for (;;) {
      const first = this.#pop();
      if (!first) return null;
      if (first.fire && first.owner?.alive !== false) return first;
    }
  }

  #push(item: Appointment): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (!parent || !isBefore(item, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = item;
  }

  #pop(): Appointment | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (!a) break;
      const below = b && isBefore(b, a) ? b : a;
      if (!isBefore(below, last)) break;
      heap[place] = below;
      place = below === b ? left + 1 : left;
    }
    heap[place] = last;
    return first;
  }
}
