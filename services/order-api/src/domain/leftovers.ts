import type { OrderState } from './order.ts';

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

/** The prefix that an outcome's files lie under; null for one without files. */
function prefixOf({ outcome }: OrderState['jobs'][string]): string | null {
  if (!outcome || outcome.kind === 'unfit' || outcome.kind === 'deliver') return null;
  if (outcome.kind === 'plan') return outcome.captions?.prefix ?? null;
  if (outcome.kind === 'captions') return folderOf(outcome.key);
  if ('output' in outcome) return outcome.output.prefix;
  if (outcome.kind !== 'ingest') return outcome.prefix;
  const { source } = outcome;
  return source.from === 'object' ? folderOf(source.key) : null;
}

/**
 * Prefixes of an ended order that are still of use. A completed one needs its stream, and its copy of the
 * source and of captions no more. Another one keeps whatever succeeded, so that a retry need not do it again; chunks that
 * do not fit together are of no use to it either. One whose files are kept no longer needs none.
 */
export function keptPrefixes(state: OrderState): Set<string> {
  if (state.expiredAt !== null) return new Set();
  const isPackaged = state.jobs['package/0']?.outcome?.kind === 'package';
  const isUnfit = state.jobs['package/0']?.outcome?.kind === 'unfit';
  const isCompleted = state.status === 'completed';
  const kept = Object.values(state.jobs).filter(({ kind, outcome }) => {
    const isOfChunks = kind.startsWith('encode-') || outcome?.kind === 'plan';
    if (isOfChunks) return isPackaged || (!isCompleted && !isUnfit);
    return kind !== 'ingest' || !isCompleted;
  });
  return new Set(kept.map(prefixOf).filter((prefix) => prefix !== null));
}
