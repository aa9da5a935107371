import { afterAll, describe } from '@jest/globals';
import type { Messaging } from '../port.ts';
import { testDelivery } from './delivery.ts';
import { testFailures } from './failures.ts';
import { Bench } from './harness.ts';
import { testOrder } from './order.ts';
import { testOutage } from './outage.ts';
import { testTopics } from './topics.ts';

/**
 * What a driver cannot do because its broker cannot, with the reason. A test of it is then left
 * out, and says so. An empty object is the aim.
 */
export interface Differences {
  /** Giving back a message of an ordered queue counts as an attempt. */
  readonly orderedPostponeCounts?: string;
}

export interface OpenedMessaging {
  readonly messaging: Messaging;
  /** Stops the broker, runs `during`, and starts it again where it was, with what it had on disk. */
  outage(during: () => Promise<void>): Promise<void>;
  /** Lets go of the messaging and of the broker. */
  close(): Promise<void>;
}

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
    testTopics(bench);
    testOutage(open);
  });
}
