import type { MessageTable } from './messages.ts';
import { Lane, type Queue } from './queue.ts';

/** Every lane by its number, which is what the table keeps of a message's queue and group. */
export class Lanes {
  readonly #table: MessageTable;
  readonly #lanes: (Lane | undefined)[] = [];
  readonly #free: number[] = [];

  constructor(table: MessageTable) {
    this.#table = table;
  }

  /** The queue's lane for a message group, made when it is new. */
  of(queue: Queue, group: string): Lane {
    const known = queue.lanes.get(group);
    if (known) return known;
    const id = this.#free.pop() ?? this.#lanes.length;
    const lane = new Lane(queue, group, id, this.#table);
    this.#lanes[id] = lane;
    queue.lanes.set(group, lane);
    return lane;
  }

  /** The lane of a message that lives. */
  get(slot: number): Lane {
    const lane = this.#lanes[this.#table.lane.get(slot)];
    if (!lane) throw new Error(`message slot ${slot} is in no lane`);
    return lane;
  }

  /** Forgets a group without messages; the lane of messages without a group stays. */
  tidy(lane: Lane): void {
    if (lane.count === 0 && lane.group !== '') this.forget(lane);
  }

  forget(lane: Lane): void {
    lane.queue.lanes.delete(lane.group);
    this.#lanes[lane.id] = undefined;
    this.#free.push(lane.id);
  }
}
