import type { Messaging } from '../port.ts';

/**
 * What a driver cannot do because its broker cannot, with the reason. A test of it is then left
 * out, and says so. An empty object is the aim.
 */
export interface Differences {
  /** Giving back a message of an ordered queue counts as an attempt. */
  readonly orderedPostponeCounts?: string;
  /** A group with many messages waiting on an unordered queue can hold up the others. */
  readonly unfairGroups?: string;
}

export interface OpenedMessaging {
  readonly messaging: Messaging;
  /** Another program's, on the same broker. */
  another(): Messaging;
  /** Stops the broker, runs `during`, and starts it again where it was, with what it had on disk. */
  outage(during: () => Promise<void>): Promise<void>;
  /** Lets go of every messaging and of the broker. */
  close(): Promise<void>;
}
