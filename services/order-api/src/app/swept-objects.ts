import type { SweptObjects } from '@spillway/contracts';
import type { ObjectStore } from '@spillway/storage';

/** So many are named. */
const MOST_KEYS = 10;

export const noObjects: SweptObjects = { objects: 0, bytes: 0, keys: [] };

export const sumOf = (all: readonly SweptObjects[]): SweptObjects =>
  all.reduce(
    (sum, { objects, bytes, keys }) => ({
      objects: sum.objects + objects,
      bytes: sum.bytes + bytes,
      keys: [...sum.keys, ...keys].slice(0, MOST_KEYS),
    }),
    noObjects,
  );

/** Everything below a prefix. */
export async function objectsBelow(
  storage: Pick<ObjectStore, 'list'>,
  prefix: string,
): Promise<SweptObjects> {
  let found = noObjects;
  for await (const { key, bytes } of storage.list(prefix)) {
    found = sumOf([found, { objects: 1, bytes, keys: [key] }]);
  }
  return found;
}
