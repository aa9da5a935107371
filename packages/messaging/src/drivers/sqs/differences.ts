import type { Differences } from '../../conformance/types.ts';

export const sqsDifferences: Differences = {
  orderedPostponeCounts:
    'SQS counts every receipt, and a copy would be overtaken by its successors',
};
