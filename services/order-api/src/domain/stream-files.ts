import { outputFiles } from '@spillway/contracts';
import { isPlayable } from './early-stream.ts';
import {
  audioPrefixOf,
  chunkPrefixesOf,
  chunkPrefixOf,
  cutCaptionsOf,
  type OrderState,
  outputOf,
} from './order.ts';

/** Whether the finished stream names files of other attempts. */
export const isOfChunks = (state: OrderState): boolean =>
  state.jobs['package/0']?.outcome?.kind === 'package';

/** Of the attempts whose files a finished stream names; none when it was encoded whole. */
export function partPrefixesOf(state: OrderState): string[] {
  if (!isOfChunks(state)) return [];
  const others = [audioPrefixOf(state), cutCaptionsOf(state)?.prefix];
  return [...chunkPrefixesOf(state), ...others.filter((prefix) => typeof prefix === 'string')];
}

/** The object of a file of the order's stream, whether it is there or not; null while there is none. */
export function fileOfStream(state: OrderState, name: string): string | null {
  const output = outputOf(state);
  // Nothing is copied: the poster stays where it was made, with the first chunk.
  const hasChunks = output ? isOfChunks(state) : isPlayable(state);
  if (hasChunks && name === outputFiles.poster) return `${chunkPrefixOf(state, 0)}${name}`;
  return output && `${output.prefix}${name}`;
}
