import type { Input } from '../protocol/input.ts';
import { type Action, queueOf } from './context.ts';

function groupsIn(input: Input): Set<string> {
  const entries = input.has('Entries') ? input.entries('Entries') : [input];
  return new Set(entries.map((entry) => entry.text('MessageGroupId') ?? ''));
}

/**
 * The action under the quotas of FIFO queues, where they are switched on: `kind` in the whole queue
 * (FifoThroughputLimit `perQueue`), or sends of each message group (`perMessageGroupId`).
 */
export function limited(kind: 'send' | 'receive' | 'delete' | 'change', action: Action): Action {
  return (input, context) => {
    const { fifoLimits } = context;
    if (!fifoLimits) return action(input, context);
    const { fifo, number, document } = queueOf(input, context);
    const perGroup = document.attributes.FifoThroughputLimit === 'perMessageGroupId';
    if (fifo && !perGroup) fifoLimits.admit(`${number}/${kind}`);
    if (fifo && perGroup && kind === 'send') {
      for (const group of groupsIn(input)) fifoLimits.admit(`${number}/${kind}/${group}`);
    }
    return action(input, context);
  };
}
