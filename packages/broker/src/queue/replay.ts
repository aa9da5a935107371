import type {
  LeaseRecord,
  MessageRecord,
  MoveRecord,
  RecordSink,
  SentRecord,
} from '../store/records.ts';
import { dedupMilliseconds } from './dedup.ts';
import type { Engine } from './engine.ts';
import { none } from './messages.ts';
import { type MoveTask, moveTaskPrefix } from './move-task.ts';
import type { QueueDocument } from './settings.ts';

/**
 * Builds an engine's state from the records of the log. A message's queue is known by number only until
 * {@link finish}: compaction may have written a queue's document behind its messages.
 */
export class Replay implements RecordSink {
  readonly #engine: Engine;
  readonly #laneNumbers = new Map<string, number>();
  readonly #lanes: { queue: number; group: string }[] = [];
  readonly #purgedBelow = new Map<number, number>();
  /** Of each queue: how many messages its move task moved since the task was last written down. */
  readonly #redriven = new Map<number, number>();
  readonly #sends = new Map<number, Map<string, SentRecord & { position: number }>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  message(record: Omit<MessageRecord, 'body' | 'md5'>, position: number, bytes: number): void {
    const { table } = this.#engine.messages;
    const { slot, sequence, queue, dedupKey, id, sentAt } = record;
    this.#engine.messages.reserveSequence(sequence + 1);
    table.ensure(slot);
    if (table.sequence.get(slot) > 0) this.remove(slot, table.sequence.get(slot));
    table.place(slot, sequence, position, bytes);
    table.lane.set(slot, this.#laneNumber(queue, record.group));
    table.sentAt.set(slot, sentAt);
    table.visibleAt.set(slot, record.visibleAt);
    table.receives.set(slot, record.receives);
    table.firstReceivedAt.set(slot, record.firstReceivedAt);
    if (record.source !== '') this.#engine.messages.sources.set(slot, record.source);
    // Written again as a dead letter it is in a queue that it was not sent to.
    if (dedupKey !== '' && record.source === '')
      this.sent({ queue, key: dedupKey, id, sequence, sentAt }, position);
  }

  remove(slot: number, sequence: number): void {
    const { table } = this.#engine.messages;
    if (!table.isLive(slot, sequence)) return;
    table.release(slot);
    this.#engine.messages.sources.delete(slot);
  }

  redriven(slot: number, sequence: number): void {
    const { table } = this.#engine.messages;
    if (!table.isLive(slot, sequence)) return;
    const queue = this.#lanes[table.lane.get(slot)]?.queue ?? -1;
    this.#redriven.set(queue, (this.#redriven.get(queue) ?? 0) + 1);
    this.remove(slot, sequence);
  }

  lease(record: LeaseRecord): void {
    const { table } = this.#engine.messages;
    const { slot } = record;
    if (!table.isLive(slot, record.sequence)) return;
    table.visibleAt.set(slot, record.visibleAt);
    table.receives.set(slot, record.receives);
    table.firstReceivedAt.set(slot, record.firstReceivedAt);
  }

  move(record: MoveRecord): void {
    const { table, sources } = this.#engine.messages;
    const { slot, newSequence } = record;
    this.#engine.messages.reserveSequence(newSequence + 1);
    if (!table.isLive(slot, record.sequence)) return;
    table.place(slot, newSequence, table.position.get(slot), table.bytes.get(slot));
    const lane = this.#lanes[table.lane.get(slot)];
    table.lane.set(slot, this.#laneNumber(record.queue, lane?.group ?? ''));
    table.sentAt.set(slot, record.sentAt);
    table.visibleAt.set(slot, 0);
    sources.set(slot, record.source);
  }

  purge(queue: number, belowSequence: number): void {
    this.#purgedBelow.set(queue, belowSequence);
    this.#engine.messages.reserveSequence(belowSequence);
    this.#sends.delete(queue);
  }

  sent(record: SentRecord, position: number): void {
    this.#engine.messages.reserveSequence(record.sequence + 1);
    if (record.sentAt + dedupMilliseconds <= this.#engine.now()) return;
    let sends = this.#sends.get(record.queue);
    if (!sends) {
      sends = new Map();
      this.#sends.set(record.queue, sends);
    }
    sends.set(record.key, { ...record, position });
  }

  document(key: string, value: unknown, position: number, bytes: number): void {
    // A queue's number and a publication's are of the same count as the messages', which may be none since.
    const { number = 0, sequence = number } = (value ?? {}) as Partial<
      Record<'number' | 'sequence', number>
    >;
    this.#engine.messages.reserveSequence(sequence + 1);
    const task = key.startsWith(moveTaskPrefix) ? (value as MoveTask | undefined) : undefined;
    if (task) this.#redriven.delete(task.queue);
    this.#engine.documents.recovered(key, value, { position, bytes });
  }

  /** Puts the messages in their queues; what belongs to no queue any more is dropped. */
  finish(): void {
    const engine = this.#engine;
    for (const document of engine.documents.under<QueueDocument>('queue/')) {
      engine.queues.add(document);
    }
    const { table, lanes, sources } = engine.messages;
    const now = engine.now();
    for (const slot of this.#slotsInOrder()) {
      const { queue: number, group } = this.#lanes[table.lane.get(slot)] ?? {
        queue: -1,
        group: '',
      };
      const queue = engine.queues.byNumber(number);
      if (!queue || table.sequence.get(slot) < (this.#purgedBelow.get(number) ?? 0)) {
        table.release(slot);
        sources.delete(slot);
      } else {
        table.heapIndex.set(slot, none);
        queue.arrive(slot, lanes.of(queue, group), table.visibleAt.get(slot), now);
      }
    }
    for (const [number, count] of this.#redriven) {
      const queue = engine.queues.byNumber(number);
      if (queue) queue.redriven = count;
    }
    for (const [number, sends] of this.#sends) {
      const ordered = [...sends.values()].sort((one, other) => one.sentAt - other.sentAt);
      const dedup = engine.queues.byNumber(number)?.dedup;
      for (const send of ordered) dedup?.remember(send.key, send);
    }
    table.collectFree();
  }

  #laneNumber(queue: number, group: string): number {
    const key = `${queue}/${group}`;
    const known = this.#laneNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.#lanes.length;
    this.#laneNumbers.set(key, number);
    this.#lanes.push({ queue, group });
    return number;
  }

  #slotsInOrder(): Uint32Array {
    const { table } = this.#engine.messages;
    const slots = new Uint32Array(table.used);
    let count = 0;
    let ascending = true;
    let last = 0;
    for (let slot = 0; slot < table.used; slot += 1) {
      const sequence = table.sequence.get(slot);
      if (sequence === 0) continue;
      slots[count] = slot;
      count += 1;
      ascending &&= sequence > last;
      last = sequence;
    }
    const live = slots.subarray(0, count);
    if (ascending) return live;
    return live.sort((one, other) => table.sequence.get(one) - table.sequence.get(other));
  }
}
