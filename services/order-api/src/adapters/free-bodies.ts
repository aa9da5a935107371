import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Between collections: some 250 pieces of a body. */
const EVERY_BYTES = 16 * 1024 * 1024;

type CollectGarbage = (options: { type: 'minor' }) => void;

/** Node gives the function to new contexts only, once the flag is set. */
function collector(): CollectGarbage {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as CollectGarbage;
  setFlagsFromString('--no-expose-gc');
  return collect;
}

/**
 * Frees what is left of bodies that were written. The pieces of a body lie outside V8's heap, where it lets
 * 64 MB of them gather before it looks; they are all young, so the collection of young garbage, which
 * takes a millisecond, frees them. To be told of every piece.
 */
export function bodyFreer(): (bytes: number) => void {
  const collect = collector();
  let gathered = 0;
  return (bytes) => {
    gathered += bytes;
    if (gathered < EVERY_BYTES) return;
    gathered = 0;
    collect({ type: 'minor' });
  };
}
