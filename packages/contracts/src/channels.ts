import type { JobKind } from './job.ts';
import type { Priority } from './order.ts';

/** A queue's contract with its consumers; a driver translates it into its broker's terms. */
export interface QueueSpec {
  readonly name: string;
  /** Messages of one group are delivered in order, one after the other. */
  readonly ordered: boolean;
  /** How long a delivery belongs to its consumer before it is given to another; extended while it works. */
  readonly leaseSeconds: number;
  /** Deliveries that end without an answer (crashes) before the message goes to `<name>-dlq`. */
  readonly maxDeliveries: number;
}

export interface TopicSpec {
  readonly name: string;
  readonly ordered: boolean;
}

/** Copies the messages of a topic whose attributes match every entry of the filter. */
export interface SubscriptionSpec {
  readonly topic: string;
  readonly queue: string;
  readonly filter: Readonly<Record<string, readonly string[]>>;
}

export interface Topology {
  readonly queues: readonly QueueSpec[];
  readonly topics: readonly TopicSpec[];
  readonly subscriptions: readonly SubscriptionSpec[];
}

export const INGEST_JOBS = 'ingest-jobs';
/** Of normal priority. */
export const ENCODE_JOBS = 'encode-jobs';
export const JOB_RESULTS = 'job-results';
export const ORDER_EVENTS = 'order-events';
export const NOTIFICATIONS = 'notifications';
export const DELIVERY_RESULTS = 'delivery-results';

const encodeQueueOf = {
  high: 'encode-jobs-high',
  normal: ENCODE_JOBS,
  low: 'encode-jobs-low',
} as const satisfies Record<Priority, string>;

/** The most urgent first: a worker serves the first that has a job (`low` while nothing else waits). */
export const encodeQueues = [encodeQueueOf.high, encodeQueueOf.normal, encodeQueueOf.low] as const;

/** Every queue that workers take jobs from. */
export const jobQueues = [INGEST_JOBS, ...encodeQueues] as const;

/** Jobs that bring files or take them away. */
export const copyKinds: readonly JobKind[] = ['ingest', 'deliver'];

/**
 * Copies wait on the network, encodes on the processor: a lane each. Copies have no priorities:
 * an address may expire, and no encode waits for their slots.
 */
export const queueOfJob = (kind: JobKind, priority: Priority): string =>
  copyKinds.includes(kind) ? INGEST_JOBS : encodeQueueOf[priority];

const forJobs = { ordered: false, leaseSeconds: 20, maxDeliveries: 8 };

/** Every queue and topic of the system. */
export const topology: Topology = {
  queues: [
    ...jobQueues.map((name) => ({ name, ...forJobs })),
    // Its reader tries for hours, while its database is away.
    { name: JOB_RESULTS, ordered: false, leaseSeconds: 30, maxDeliveries: 200 },
    // A receiver that is busy with others is asked later, which counts as a delivery on ordered queues.
    { name: NOTIFICATIONS, ordered: true, leaseSeconds: 60, maxDeliveries: 200 },
    { name: DELIVERY_RESULTS, ordered: false, leaseSeconds: 30, maxDeliveries: 200 },
  ],
  topics: [{ name: ORDER_EVENTS, ordered: true }],
  // Whoever wants to hear of orders adds a queue of its own here, filtered by `type` or `customerId`.
  subscriptions: [],
};

/** The contract of a queue of the topology; throws for a name that is none. */
export function queueSpec(name: string): QueueSpec {
  const spec = topology.queues.find((queue) => queue.name === name);
  if (!spec) throw new Error(`The topology has no queue ${name}`);
  return spec;
}
