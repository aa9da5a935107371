import { orderPrefix, type SweepReport, type SweptObjects } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import type { DeleteOrderUseCase } from './delete-order.ts';
import type { OrderStore } from './ports.ts';
import { type ExpiryQuery, keptSince, type Retention, type RetentionStore } from './retention.ts';
import { leftoversOf, listAll, ORDERS_AT_ONCE, sweepLeftovers } from './sweep.ts';
import { noObjects, objectsBelow, sumOf } from './swept-objects.ts';

/** Rows are quick to remove. */
const ROWS_AT_ONCE = 500;
const ORPHANS_AT_ONCE = 200;
/** As the reconciler: workers of an order that has ended may still write for some seconds. */
const SWEEP_AFTER_MS = 60_000;
/** An order whose rows have gone a moment ago is none of nobody. */
const ORPHAN_AFTER_MS = 24 * 3600 * 1000;

export interface SweeperParts {
  readonly store: OrderStore;
  readonly kept: RetentionStore;
  readonly retention: Retention;
  readonly storage: ObjectStore;
  readonly deleteOrder: DeleteOrderUseCase;
  /** Removes uploads that nobody needs, or only counts them. */
  readonly sweepUploads: (how: { orderEndedBefore: Date; dryRun: boolean }) => Promise<number>;
  readonly log: Logger;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

/** Removes what is kept no longer, a bounded part at a time. */
export class Sweeper {
  readonly #parts: SweeperParts;
  readonly #now: () => number;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** By the timer, before the leftovers are swept: it only marks the files that are to go. */
  async retain(): Promise<void> {
    const { kept, store, retention } = this.#parts;
    const now = this.#now();
    for (const query of this.#expiries()) await kept.expire(query);
    await store.forgetKeysBefore(new Date(now - retention.idempotencyKeysMs));
    const events = keptSince(retention.eventsMs, now);
    if (events) await kept.removeEventsBefore(events, ROWS_AT_ONCE);
    await this.#sweepOrders(false);
    await this.#sweepUploads(false);
  }

  /** By hand. A dry run changes nothing and says what the next one would remove. */
  async sweep(dryRun: boolean): Promise<SweepReport> {
    const uploads = await this.#sweepUploads(dryRun);
    const removed = await this.#sweepOrders(dryRun);
    const { expired, leftovers, isMore } = dryRun ? await this.#wouldSweep() : await this.#swept();
    const orphans = await this.#sweepOrphans(dryRun);
    return {
      ...{ dryRun, expired, leftovers, uploads },
      removed: removed.objects,
      orphans: orphans.objects,
      more: isMore || removed.isMore || orphans.isMore,
    };
  }

  /** Of completed orders and of others, where they are not kept for ever. */
  #expiries(): ExpiryQuery[] {
    const { outputsMs, sourcesMs } = this.#parts.retention;
    return [true, false].flatMap((isCompleted) => {
      const endedBefore = keptSince(isCompleted ? outputsMs : sourcesMs, this.#now());
      return endedBefore ? [{ isCompleted, endedBefore, limit: ORDERS_AT_ONCE }] : [];
    });
  }

  #sweepUploads(dryRun: boolean): Promise<number> {
    const orderEndedBefore = keptSince(this.#parts.retention.sourcesMs, this.#now());
    return this.#parts.sweepUploads({ dryRun, orderEndedBefore: orderEndedBefore ?? new Date(0) });
  }

  async #swept() {
    const { kept, store, storage, log } = this.#parts;
    for (const query of this.#expiries()) await kept.expire(query);
    const endedBefore = new Date(this.#now() - SWEEP_AFTER_MS);
    const swept = await sweepLeftovers({ store, storage, log }, endedBefore);
    const left = await Promise.all(this.#expiries().map((query) => kept.expirable(query)));
    return { ...swept, isMore: left.flat().length > 0 };
  }

  async #wouldSweep() {
    const { kept, store } = this.#parts;
    const expirable = await Promise.all(this.#expiries().map((query) => kept.expirable(query)));
    const expiring = new Set(expirable.flat());
    const endedBefore = new Date(this.#now() - SWEEP_AFTER_MS);
    const unswept = await store.unswept(endedBefore, ORDERS_AT_ONCE);
    const left = await this.#leftoversOf([...expiring], true);
    const others = await this.#leftoversOf(
      unswept.filter((id) => !expiring.has(id)),
      false,
    );
    const isMore = [...expirable, unswept].some(({ length }) => length === ORDERS_AT_ONCE);
    return {
      expired: sumOf([left.expired, others.expired]),
      leftovers: others.leftovers,
      isMore,
    };
  }

  /** What `sweepLeftovers` would remove of them. */
  async #leftoversOf(ids: readonly string[], isExpiring: boolean) {
    const { store, storage } = this.#parts;
    const found = await listAll(storage, ids);
    const expired: SweptObjects[] = [];
    const leftovers: SweptObjects[] = [];
    for (const { state } of await store.readAll(ids)) {
      const after = isExpiring ? { ...state, expiredAt: new Date().toISOString() } : state;
      const folders = leftoversOf(after, found.get(state.id) ?? new Map());
      (after.expiredAt === null ? leftovers : expired).push(...folders.values());
    }
    return { expired: sumOf(expired), leftovers: sumOf(leftovers) };
  }

  /** Orders that are kept no longer, rows and all. */
  async #sweepOrders(dryRun: boolean): Promise<{ objects: SweptObjects; isMore: boolean }> {
    const { kept, retention, storage, deleteOrder, log } = this.#parts;
    const before = keptSince(retention.ordersMs, this.#now());
    if (!before) return { objects: noObjects, isMore: false };
    const ids = await kept.endedBefore(before, ORDERS_AT_ONCE);
    const found: SweptObjects[] = [];
    for (const id of ids) {
      found.push(await objectsBelow(storage, orderPrefix(id)));
      if (dryRun) continue;
      await deleteOrder(id);
      log.info({ orderId: id }, 'order kept no longer');
    }
    return { objects: sumOf(found), isMore: ids.length === ORDERS_AT_ONCE };
  }

  /** Lists everything that orders have in the object store, so it is for a sweep by hand alone. */
  async #sweepOrphans(dryRun: boolean): Promise<{ objects: SweptObjects; isMore: boolean }> {
    const { kept, storage, log } = this.#parts;
    const old = await this.#oldFolders();
    const orphans: string[] = [];
    const ids = [...old.keys()];
    for (let first = 0; first < ids.length && orphans.length < ORPHANS_AT_ONCE; ) {
      const some = ids.slice(first, first + ROWS_AT_ONCE);
      orphans.push(...(await kept.unknownOf(some)));
      first += ROWS_AT_ONCE;
    }
    const now = orphans.slice(0, ORPHANS_AT_ONCE);
    for (const id of dryRun ? [] : now) {
      await storage.deletePrefix(orderPrefix(id));
      log.info({ orderId: id }, 'objects of no order removed');
    }
    const objects = sumOf(now.map((id) => old.get(id) ?? noObjects));
    return { objects, isMore: orphans.length > now.length };
  }

  /** By order id: objects of orders, where nothing is younger than a day. */
  async #oldFolders(): Promise<Map<string, SweptObjects>> {
    const youngest = this.#now() - ORPHAN_AFTER_MS;
    const found = new Map<string, SweptObjects>();
    const young = new Set<string>();
    for await (const { key, bytes, modifiedAt } of this.#parts.storage.list('orders/')) {
      const [, id = ''] = key.split('/');
      if (modifiedAt.getTime() > youngest) young.add(id);
      found.set(id, sumOf([found.get(id) ?? noObjects, { objects: 1, bytes, keys: [key] }]));
    }
    for (const id of young) found.delete(id);
    return found;
  }
}
