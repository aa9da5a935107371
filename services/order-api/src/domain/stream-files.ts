import { outputFiles } from '@spillway/contracts';
import { isPlayable } from './early-stream.ts';
import { chunkPrefixOf, type OrderState, outputOf } from './order.ts';

/** The object of a file of the order's stream, whether it is there or not; null while there is none. */
export function fileOfStream(state: OrderState, name: string): string | null {
  const output = outputOf(state);
  // Nothing is copied: the poster stays where it was made, with the first chunk.
  const isOfChunks = output
    ? state.jobs['package/0']?.outcome?.kind === 'package'
    : isPlayable(state);
  if (isOfChunks && name === outputFiles.poster) return `${chunkPrefixOf(state, 0)}${name}`;
  return output && `${output.prefix}${name}`;
}
