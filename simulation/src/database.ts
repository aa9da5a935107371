import { hasEnded, type Order } from '@spillway/contracts';
import type { Lock, OutboxDepth, StoredMessage } from '@spillway/database';
import { messagesOf } from '../../services/order-api/src/app/messages.ts';
import type {
  KeyClaim,
  KeyState,
  StoredEvent,
  TracedStep,
  VersionedOrder,
} from '../../services/order-api/src/app/ports.ts';
import { jobKey } from '../../services/order-api/src/domain/order.ts';
import type { Process } from './process.ts';
import type { Watcher } from './watcher.ts';
import type { World } from './world.ts';

const STALE_CLAIM_MS = 60_000;

interface HeldKey {
  readonly claim: string;
  readonly bodyHash: string;
  readonly claimedAt: number;
  readonly response: Order | null;
}

/** What is committed: survives every crash. Every write is one statement: all of it or nothing. */
export class Database {
  readonly #world: World;
  readonly #watcher: Watcher;
  readonly orders = new Map<string, VersionedOrder>();
  readonly events = new Map<string, StoredEvent[]>();
  /** Ended orders whose leftovers are removed; any change of an order takes it out. */
  readonly swept = new Set<string>();
  /** When orders were removed whose leftovers are looked for, ms since 1970. */
  readonly removed = new Map<string, number>();
  readonly estimates = new Map<string, number>();
  outbox: (StoredMessage & { readonly at: number })[] = [];
  readonly #keys = new Map<string, HeldKey>();
  readonly #locks = new Map<string, Process>();
  #outboxId = 0;

  constructor(world: World, watcher: Watcher) {
    this.#world = world;
    this.#watcher = watcher;
  }

  create(steps: readonly TracedStep[]): void {
    for (const { step } of steps) {
      if (this.orders.has(step.state.id))
        throw new Error(`order ${step.state.id} is there already`);
    }
    for (const traced of steps) this.#write(null, [traced]);
  }

  createOfKey(order: TracedStep, { customerId, key, claim }: KeyClaim, response: Order): boolean {
    const held = this.#keys.get(`${customerId}/${key}`);
    if (held?.claim !== claim || held.response) return false;
    this.#keys.set(`${customerId}/${key}`, { ...held, response });
    this.create([order]);
    return true;
  }

  /** Compare-and-set by the version. */
  write({ state, version }: VersionedOrder, steps: readonly TracedStep[]): boolean {
    const before = this.orders.get(state.id);
    if (before?.version !== version) return false;
    this.#write(before, steps);
    return true;
  }

  remove(orderId: string): boolean {
    const found = this.orders.get(orderId);
    if (!found || !hasEnded(found.state.status)) return false;
    this.orders.delete(orderId);
    this.events.delete(orderId);
    this.swept.delete(orderId);
    this.removed.set(orderId, Date.now());
    this.#watcher.removed(orderId);
    return true;
  }

  claimKey(claim: KeyClaim, bodyHash: string): KeyState {
    const name = `${claim.customerId}/${claim.key}`;
    const { now } = this.#world.timeline;
    const held = this.#keys.get(name);
    if (!held || (!held.response && held.claimedAt < now - STALE_CLAIM_MS)) {
      this.#keys.set(name, { claim: claim.claim, bodyHash, claimedAt: now, response: null });
      return { kind: 'claimed', claim };
    }
    if (held.bodyHash !== bodyHash) return { kind: 'other_body' };
    return held.response ? { kind: 'answered', response: held.response } : { kind: 'in_progress' };
  }

  releaseKey({ customerId, key, claim }: KeyClaim): void {
    const held = this.#keys.get(`${customerId}/${key}`);
    if (held?.claim === claim && !held.response) this.#keys.delete(`${customerId}/${key}`);
  }

  /** Removes what was sent and gives what is next, in one statement. */
  take(sent: readonly number[], away: readonly string[], limit: number): StoredMessage[] {
    const gone = this.outbox.filter(({ id }) => sent.includes(id));
    if (gone.length > 0) this.#watcher.unboxed(gone);
    this.outbox = this.outbox.filter(({ id }) => !sent.includes(id));
    return this.outbox.filter(({ destination }) => !away.includes(destination)).slice(0, limit);
  }

  outboxDepth(): OutboxDepth {
    const [oldest] = this.outbox;
    const oldestSeconds = oldest ? (this.#world.timeline.now - oldest.at) / 1000 : 0;
    return { waiting: this.outbox.length, rejected: 0, oldestSeconds };
  }

  tryLock(name: string, process: Process): Lock | null {
    // A dead process's connection is closed, and its locks go with it.
    if (this.#locks.has(name) || !process.alive) return null;
    this.#locks.set(name, process);
    const free = () => {
      if (this.#locks.get(name) === process) this.#locks.delete(name);
    };
    const { random, faults, timeline } = this.#world;
    this.#world.atDeathOf(process, free);
    if (random.chance(faults.lockLost)) timeline.after(random.between(10, 60_000), null, free);
    const isHeld = () => this.#locks.get(name) === process;
    return {
      get held() {
        return isHeld();
      },
      release: async () => free(),
    };
  }

  #write(before: VersionedOrder | null, steps: readonly TracedStep[]): void {
    const state = steps.at(-1)?.step.state ?? before?.state;
    if (!state) return;
    const after = { state, version: (before?.version ?? 0) + 1 };
    this.orders.set(state.id, after);
    this.swept.delete(state.id);
    const events = this.events.get(state.id) ?? [];
    this.events.set(state.id, events);
    for (const { step, trace } of steps) {
      events.push(...step.events);
      for (const message of messagesOf(step, trace)) {
        this.#outboxId += 1;
        this.outbox.push({ ...message, id: this.#outboxId, at: this.#world.timeline.now });
      }
    }
    this.#world.trace?.('database', `has ${state.id} version ${after.version}: ${describe(after)}`);
    this.#watcher.written(before, after, steps);
  }
}

const describe = ({ state: { status, jobs } }: VersionedOrder): string =>
  [status, ...Object.values(jobs).map((job) => `${jobKey(job)} ${job.status}`)].join(', ');
