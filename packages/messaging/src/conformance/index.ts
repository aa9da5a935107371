import { afterAll, describe } from '@jest/globals';
import { testDelivery } from './delivery.ts';
import { testFailures } from './failures.ts';
import { testFairness } from './fairness.ts';
import { Bench } from './harness.ts';
import { testOrder } from './order.ts';
import { testOutage } from './outage.ts';
import { testPriorities } from './priorities.ts';
import { testTopics } from './topics.ts';
import type { Differences, OpenedMessaging } from './types.ts';

export type { Differences, OpenedMessaging } from './types.ts';

export interface ConformanceOptions {
  readonly name: string;
  /** A driver and a running broker that no other test uses. */
  open(): Promise<OpenedMessaging>;
  readonly differences: Differences;
}

/**
 * The contract of `Messaging`, as tests: every driver runs them all. Each test makes queues of its
 * own, so they run side by side and also against a broker that others use.
 */
export function testMessaging({ name, open, differences }: ConformanceOptions): void {
  describe(name, () => {
    const bench = new Bench(open);
    afterAll(() => bench.close());
    testDelivery(bench);
    testFailures(bench, differences);
    testOrder(bench);
    testPriorities(bench);
    testFairness(bench, differences);
    testTopics(bench);
    testOutage(open);
  });
}
