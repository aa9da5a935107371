import { orderPrefix, type SweptObjects } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import { keptPrefixes } from '../domain/leftovers.ts';
import { isEnded, type OrderState } from '../domain/order.ts';
import type { OrderStore, VersionedOrder } from './ports.ts';
import { noObjects, sumOf } from './swept-objects.ts';

/** Bounds what is read at once: an order may have thousands of jobs. */
export const ORDERS_AT_ONCE = 50;
const LISTINGS_AT_ONCE = 10;

export interface SweepParts {
  readonly store: Pick<
    OrderStore,
    'unswept' | 'readAll' | 'markSwept' | 'removedBefore' | 'forgetRemoved'
  >;
  readonly storage: ObjectStore;
  readonly log: Logger;
}

/** What is below each prefix of an order's attempts. */
type Folders = ReadonlyMap<string, SweptObjects>;

/** Objects beside the attempts, such as the cancel markers, stay. */
async function foldersOf(storage: ObjectStore, orderId: string): Promise<Folders> {
  const prefix = orderPrefix(orderId);
  const folders = new Map<string, SweptObjects>();
  for await (const { key, bytes } of storage.list(prefix)) {
    const end = key.indexOf('/', prefix.length);
    if (end === -1) continue;
    const folder = key.slice(0, end + 1);
    const one = { objects: 1, bytes, keys: [key] };
    folders.set(folder, sumOf([folders.get(folder) ?? noObjects, one]));
  }
  return folders;
}

export async function listAll(
  storage: ObjectStore,
  ids: readonly string[],
): Promise<Map<string, Folders>> {
  const found = new Map<string, Folders>();
  for (let first = 0; first < ids.length; first += LISTINGS_AT_ONCE) {
    const some = ids.slice(first, first + LISTINGS_AT_ONCE);
    await Promise.all(some.map(async (id) => found.set(id, await foldersOf(storage, id))));
  }
  return found;
}

/** The folders that the order does not need. */
export function leftoversOf(state: OrderState, folders: Folders): Folders {
  const kept = keptPrefixes(state);
  return new Map([...folders].filter(([folder]) => !kept.has(folder)));
}

/** False when something could not be removed: it is tried again at the next sweep. */
async function removeFolders(
  { storage, log }: SweepParts,
  orderId: string,
  folders: Folders,
): Promise<boolean> {
  try {
    for (const folder of folders.keys()) {
      await storage.deletePrefix(folder);
      log.debug({ orderId, prefix: folder }, 'leftovers removed');
    }
    return true;
  } catch (err) {
    log.warn({ err, orderId }, 'leftovers could not be removed; they will be');
    return false;
  }
}

/** Objects that were removed: of orders whose files are kept no longer, and of others. */
export interface Swept {
  readonly expired: SweptObjects;
  readonly leftovers: SweptObjects;
}

/**
 * Removes what ended orders have left in the object store: files of attempts that died or came late,
 * and what only the encoding needed; everything of an order whose files are kept no longer. Looks at every
 * order once after its end, and again after a retry.
 *
 * What is there is listed before the orders are read: an attempt that is in the list had begun before, so
 * if its order has ended and does not name it, nothing ever will, even if a retry begins the next moment.
 */
export async function sweepLeftovers(parts: SweepParts, endedBefore: Date): Promise<Swept> {
  const { store, storage } = parts;
  const expired: SweptObjects[] = [];
  const leftovers: SweptObjects[] = [];
  let isMore = true;
  while (isMore) {
    const ids = await store.unswept(endedBefore, ORDERS_AT_ONCE);
    const found = await listAll(storage, ids);
    const ended = (await store.readAll(ids)).filter(({ state }) => isEnded(state));
    const swept: VersionedOrder[] = [];
    for (const order of ended) {
      const { state } = order;
      const folders = leftoversOf(state, found.get(state.id) ?? new Map());
      if (!(await removeFolders(parts, state.id, folders))) continue;
      swept.push(order);
      (state.expiredAt === null ? leftovers : expired).push(...folders.values());
    }
    await store.markSwept(swept);
    isMore = swept.length === ORDERS_AT_ONCE;
  }
  return { expired: sumOf(expired), leftovers: sumOf(leftovers) };
}

/** Removes what is left of orders whose rows are gone, markers and all. */
export async function sweepRemoved(
  { store, storage }: SweepParts,
  removedBefore: Date,
): Promise<void> {
  for (const id of await store.removedBefore(removedBefore, ORDERS_AT_ONCE)) {
    await storage.deletePrefix(orderPrefix(id));
    await store.forgetRemoved(id);
  }
}
