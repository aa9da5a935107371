import { orderPrefix } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import { keptPrefixes } from '../domain/leftovers.ts';
import { isEnded } from '../domain/order.ts';
import type { OrderStore, VersionedOrder } from './ports.ts';

/** Bounds what is read at once: an order may have thousands of jobs. */
const ORDERS_AT_ONCE = 50;
const LISTINGS_AT_ONCE = 10;

export interface SweepParts {
  readonly store: Pick<
    OrderStore,
    'unswept' | 'readAll' | 'markSwept' | 'removedBefore' | 'forgetRemoved'
  >;
  readonly storage: ObjectStore;
  readonly log: Logger;
}

type Folders = ReadonlySet<string>;

/** Prefixes of the order's attempts; objects beside them, such as the cancel markers, stay. */
async function foldersOf(storage: ObjectStore, orderId: string): Promise<Folders> {
  const prefix = orderPrefix(orderId);
  const folders = new Set<string>();
  for await (const { key } of storage.list(prefix)) {
    const end = key.indexOf('/', prefix.length);
    if (end !== -1) folders.add(key.slice(0, end + 1));
  }
  return folders;
}

async function listAll(
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

/** False when something could not be removed: it is tried again at the next sweep. */
async function removeLeftovers(
  { storage, log }: SweepParts,
  { state }: VersionedOrder,
  folders: Folders,
): Promise<boolean> {
  const kept = keptPrefixes(state);
  try {
    for (const folder of folders) {
      if (kept.has(folder)) continue;
      await storage.deletePrefix(folder);
      log.debug({ orderId: state.id, prefix: folder }, 'leftovers removed');
    }
    return true;
  } catch (err) {
    log.warn({ err, orderId: state.id }, 'leftovers could not be removed; they will be');
    return false;
  }
}

/**
 * Removes what ended orders have left in the object store: files of attempts that died or came late,
 * and what only the encoding needed. Looks at every order once after its end, and again after a retry.
 *
 * What is there is listed before the orders are read: an attempt that is in the list had begun before, so
 * if its order has ended and does not name it, nothing ever will, even if a retry begins the next moment.
 */
export async function sweepLeftovers(parts: SweepParts, endedBefore: Date): Promise<void> {
  const { store, storage } = parts;
  let isMore = true;
  while (isMore) {
    const ids = await store.unswept(endedBefore, ORDERS_AT_ONCE);
    if (ids.length === 0) return;
    const found = await listAll(storage, ids);
    const ended = (await store.readAll(ids)).filter(({ state }) => isEnded(state));
    const swept: VersionedOrder[] = [];
    for (const order of ended) {
      const folders = found.get(order.state.id) ?? new Set();
      if (await removeLeftovers(parts, order, folders)) swept.push(order);
    }
    await store.markSwept(swept);
    isMore = swept.length === ORDERS_AT_ONCE;
  }
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
