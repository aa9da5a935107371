import type { StoredMessage } from '@spillway/database';
import type { TracedStep, VersionedOrder } from '../../services/order-api/src/app/ports.ts';
import { isEnded, type OrderState } from '../../services/order-api/src/domain/order.ts';
import { canBeSlow } from './faults.ts';
import type { Film } from './films.ts';
import { MessageLaws } from './message-laws.ts';
import {
  checkEnd,
  checkStep,
  missingObject,
  neededPrefixes,
  playedPrefixes,
} from './order-laws.ts';
import type { Process } from './process.ts';
import type { Watcher } from './watcher.ts';
import type { World } from './world.ts';

/** A job is held no longer than this when nothing goes wrong: encodes of a simulation take seconds. */
const LONGEST_HOLD_MS = 10 * 60_000;
/** Workers hear of an order's end within 10 s; here a little more, for the calls on the way. */
const STOPPED_AFTER_MS = 11_000;

export interface Terms {
  /** Numbers of the films that are ordered with an idempotency key. */
  readonly keyed: ReadonlySet<number>;
  readonly orderTimeoutHours: number;
}

/** Checks what always holds, at every change of the world; the first breach ends the schedule. */
export class Laws extends MessageLaws implements Watcher {
  readonly #orderTimeoutMs: number;
  /** Films that are ordered with an idempotency key, and that have an order. */
  readonly #keyed: ReadonlySet<number>;
  readonly #ordered = new Set<number>();
  readonly #accepted = new Set<string>();
  readonly #canceling = new Set<string>();
  readonly #deleting = new Set<string>();
  readonly #encodes = new Map<string, Set<Promise<unknown>>>();

  constructor(world: World, films: readonly Film[], { keyed, orderTimeoutHours }: Terms) {
    super(world, films);
    this.#keyed = keyed;
    this.#orderTimeoutMs = orderTimeoutHours * 3_600_000;
  }

  // What the customer sees.

  /** Law 1: a 202 means durable. */
  accepted(id: string, film: Film): void {
    this.#accepted.add(id);
    const order = this.order(id);
    if (!order && !this.#deleting.has(id)) {
      this.breaks('1', `${id} (film ${film.number}) was accepted and is not there`);
    }
  }

  canceling(id: string): void {
    this.#canceling.add(id);
  }

  deleting(id: string): void {
    this.#deleting.add(id);
  }

  // The database and the objects.

  written(
    before: VersionedOrder | null,
    after: VersionedOrder,
    steps: readonly TracedStep[],
  ): void {
    if (!before) this.#checkDouble(after.state);
    let earlier = before?.state ?? null;
    for (const { step } of steps) {
      for (const breach of checkStep(earlier, step)) this.breaks(breach.law, breach.what);
      if (isEnded(step.state) && !(earlier && isEnded(earlier))) this.#ended(step.state);
      earlier = step.state;
    }
    const missing = missingObject(before?.state ?? null, after.state, (key) =>
      this.site.objects.has(key),
    );
    if (missing) {
      this.breaks('2', `${after.state.id} names ${missing}, which is not there`);
    }
  }

  /** Law 2: the same key is the same order. */
  #checkDouble(state: OrderState): void {
    const film = this.filmOf(state);
    if (!film || !this.#keyed.has(film.number)) return;
    if (this.#ordered.has(film.number)) this.breaks('2', `film ${film.number} was ordered twice`);
    this.#ordered.add(film.number);
  }

  #ended(state: OrderState): void {
    const ageMs = Date.parse(state.endedAt ?? '') - Date.parse(state.retriedAt ?? state.createdAt);
    const wrong = checkEnd(state, this.filmOf(state), {
      wasCanceled: this.#canceling.has(state.id),
      wasTooOld: ageMs >= this.#orderTimeoutMs,
    });
    if (wrong) this.breaks('6', wrong);
    const stopsWork = Object.values(state.jobs).some(({ status }) => status === 'dropped');
    const { run } = state;
    // Whoever ended an earlier run may have died before it could tell the workers.
    if (!this.world.isCalm || !stopsWork || run > 0) return;
    this.world.timeline.after(STOPPED_AFTER_MS, null, () => {
      const running = this.#encodes.get(state.id)?.size ?? 0;
      if (running > 0 && this.order(state.id)?.state.run === run) {
        this.breaks('cancel', `${state.id} has ended and is still being encoded`);
      }
    });
  }

  removed(orderId: string): void {
    if (!this.#deleting.has(orderId)) this.breaks('1', `${orderId} is gone`);
  }

  /** Law 1: what leaves the outbox has reached the broker. */
  unboxed(messages: readonly StoredMessage[]): void {
    for (const { destination, body, id } of messages) {
      if (!this.had(destination, body)) {
        this.breaks('1', `message ${id} left the outbox and the broker never had it`);
      }
    }
  }

  /** Law 2: what a winner names stays. */
  deleted(prefix: string, keys: readonly string[]): void {
    const id = prefix.match(/ord_\w+/)?.[0] ?? '';
    const state = this.order(id)?.state;
    // Who deletes an order removes its rows first.
    if (!state) return;
    for (const needed of [...neededPrefixes(state), ...playedPrefixes(state)]) {
      const lost = keys.find((key) => key.startsWith(needed));
      if (lost) this.breaks('2', `${lost} was deleted, and ${id} names it`);
    }
  }

  // The studio.

  encoding(process: Process, orderId: string, ended: Promise<unknown>): void {
    const running = this.#encodes.get(orderId) ?? new Set();
    this.#encodes.set(orderId, running.add(ended));
    const over = () => void running.delete(ended);
    ended.then(over, over);
    this.world.atDeathOf(process, over);
  }

  // The end.

  /** Laws 5 and 7: the faults have been over for so long that everything must have ended. */
  stuck(): void {
    const heldSince = this.world.timeline.now - LONGEST_HOLD_MS;
    for (const held of this.heldSince(heldSince)) this.breaks('5', held);
    for (const { state } of this.site.database.orders.values()) {
      if (!isEnded(state)) this.breaks('7', `${state.id} has not ended`);
    }
    this.breaks('7', 'something goes on for ever');
  }

  /** Everything has ended: nothing is missing. */
  over(): void {
    for (const id of this.#accepted) {
      if (!this.order(id) && !this.#deleting.has(id)) this.breaks('1', `${id} is gone`);
    }
    for (const { state } of this.site.database.orders.values()) {
      const told = this.lastTold(state.id);
      if (told !== state.sequence) {
        this.breaks('2', `${state.id} has ${state.sequence} events and ${told} were told`);
      }
      for (const needed of neededPrefixes(state)) {
        if (this.site.objects.keys(needed).length === 0) {
          this.breaks('2', `nothing is left under ${needed}`);
        }
      }
    }
    if (this.mustBeSwept) this.#checkLeftovers();
  }

  /**
   * Whether nothing may be left behind: a process that dies, or wakes up, long after its order's end may
   * leave what nobody will look for, as a result that is lost then.
   */
  get mustBeSwept(): boolean {
    const { chaos } = this.world;
    return !canBeSlow(chaos) && chaos.crash === 0 && chaos.vanishes === 0;
  }

  #checkLeftovers(): void {
    const needed = [...this.site.database.orders.values()].flatMap(({ state }) =>
      neededPrefixes(state),
    );
    // The marker of a cancel may come behind a deletion that did not wait for the answer.
    const left = this.site.objects
      .keys('')
      .filter((key) => !/\/canceled-\d+$/.test(key))
      .find((key) => !needed.some((prefix) => key.startsWith(prefix)));
    if (left) this.breaks('leftovers', `${left} is left, and nobody needs it`);
  }
}
