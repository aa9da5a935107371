import type { OrderState } from './order.ts';

/** The prefix that an outcome's files lie under; null for one without files. */
function prefixOf({ outcome }: OrderState['jobs'][string]): string | null {
  if (!outcome || outcome.kind === 'plan' || outcome.kind === 'unfit') return null;
  if ('output' in outcome) return outcome.output.prefix;
  if (outcome.kind !== 'ingest') return outcome.prefix;
  const { source } = outcome;
  return source.from === 'object' ? source.key.slice(0, source.key.lastIndexOf('/') + 1) : null;
}

/**
 * Prefixes of an ended order that are still of use. A completed one needs its stream, and its copy of the
 * source no more. Another one keeps whatever succeeded, so that a retry need not do it again; chunks that
 * do not fit together are of no use to it either.
 */
export function keptPrefixes(state: OrderState): Set<string> {
  const isPackaged = state.jobs['package/0']?.outcome?.kind === 'package';
  const isUnfit = state.jobs['package/0']?.outcome?.kind === 'unfit';
  const isCompleted = state.status === 'completed';
  const kept = Object.values(state.jobs).filter(({ kind }) => {
    if (kind.startsWith('encode-')) return isPackaged || (!isCompleted && !isUnfit);
    return kind !== 'ingest' || !isCompleted;
  });
  return new Set(kept.map(prefixOf).filter((prefix) => prefix !== null));
}
