import type {
  JobKind,
  Notification,
  Order,
  OrderStatus,
  Priority,
  ScalingLease,
  ScalingLeaseRequest,
} from '@spillway/contracts';
import type { OpenJobs } from '../domain/backlog.ts';
import type { Estimates } from '../domain/estimates.ts';
import type { OrderState } from '../domain/order.ts';
import type { Step } from '../domain/reduce.ts';

/** What the messages of a change carry along for tracing. */
export interface Trace {
  readonly traceparent: string;
  readonly requestId?: string | undefined;
}

/** What became of an order, to be written. */
export interface TracedStep {
  readonly step: Step;
  readonly trace: Trace;
  /** Whom its events are told; a new order's is of no interest to receivers. */
  readonly notifications?: readonly Notification[];
}

/** A key that one request works on; its answer is kept with the order. */
export interface KeyClaim {
  readonly customerId: string;
  readonly key: string;
  readonly claim: string;
}

export type KeyState =
  | { readonly kind: 'claimed'; readonly claim: KeyClaim }
  | { readonly kind: 'answered'; readonly response: Order }
  | { readonly kind: 'in_progress' }
  | { readonly kind: 'other_body' };

export interface OrderQuery {
  readonly status: OrderStatus | null;
  readonly customerId: string | null;
  /** Orders before this id: older ones. */
  readonly before: string | null;
  readonly limit: number;
}

export interface StoredEvent {
  readonly sequence: number;
  readonly type: string;
  readonly occurredAt: string;
  readonly order: unknown;
}

/** An order as it was written last; every write adds one to its version, which begins at 1. */
export interface VersionedOrder {
  readonly state: OrderState;
  readonly version: number;
}

/** How far an order has got, without reading it. */
export interface OrderPosition {
  readonly id: string;
  /** Of its last event. */
  readonly sequence: number;
  readonly ended: boolean;
}

/** Where jobs wait. */
export interface Lanes {
  /** Of `copyKinds`. */
  readonly ingest: boolean;
  /** Of all other kinds. */
  readonly priorities: readonly Priority[];
}

/** A job that has not ended. */
export interface OpenJob {
  readonly orderId: string;
  readonly kind: JobKind;
  readonly index: number;
  readonly priority: Priority;
  readonly heardAt: Date;
  readonly timesLost: number;
}

/** Orders and their jobs, kept. Every write is one statement: all of it or nothing. */
export interface OrderStore {
  /** Each with its first job, its event and its messages. */
  create(orders: readonly TracedStep[]): Promise<void>;
  /** The same of one order, with the answer to keep for its key. False when the claim is no longer held. */
  createOfKey(order: TracedStep, claim: KeyClaim, response: Order): Promise<boolean>;
  /** With every job. */
  read(orderId: string): Promise<VersionedOrder | null>;
  /** The steps one after the other. False when the order is no longer of that version. */
  write(before: VersionedOrder, steps: readonly TracedStep[]): Promise<boolean>;
  /** With the jobs only that say where it plays: those with outputs, the first chunk and the sound. */
  readForView(orderId: string): Promise<OrderState | null>;
  /** Of the chunks that are there without a gap from the first. */
  chunkPrefixes(orderId: string): Promise<string[]>;
  list(query: OrderQuery): Promise<OrderState[]>;
  /** Removes its rows and notes that. False when there is no such order, or it has not ended. */
  remove(orderId: string): Promise<boolean>;
  /** In order, at most 1000. */
  eventsAfter(orderId: string, sequence: number): Promise<StoredEvent[]>;
  positions(orderIds: readonly string[]): Promise<OrderPosition[]>;

  /** Orders that have not ended, accepted or last retried before then, at most 1000. */
  openSince(before: Date): Promise<string[]>;
  /** Jobs of those lanes that have not ended and were last heard of before then, at most 1000. */
  openJobsHeardBefore(before: Date, lanes: Lanes): Promise<OpenJob[]>;
  /** Orders that ended before then and were not swept since, at most so many. */
  unswept(endedBefore: Date, limit: number): Promise<string[]>;
  /** Those that are there, with every job. */
  readAll(orderIds: readonly string[]): Promise<VersionedOrder[]>;
  /** Of the orders, those that are still of that version. */
  markSwept(orders: readonly VersionedOrder[]): Promise<void>;
  /** Orders that were removed before then, at most so many, until they are forgotten. */
  removedBefore(before: Date, limit: number): Promise<string[]>;
  forgetRemoved(orderId: string): Promise<void>;
  /** In at most a few thousand groups. */
  openJobs(): Promise<OpenJobs[]>;
  countByStatus(): Promise<Map<OrderStatus, number>>;

  claimKey(claim: KeyClaim, bodyHash: string): Promise<KeyState>;
  releaseKey(claim: KeyClaim): Promise<void>;
  forgetKeysBefore(before: Date): Promise<void>;
}

/** What was learned of how long jobs take, for the next process. */
export interface EstimateStore {
  readEstimates(): Promise<Estimates>;
  saveEstimates(estimates: Estimates): Promise<void>;
}

/** Gives the lease to who asks, or says who has it. */
export type AskForScalingLease = (request: ScalingLeaseRequest) => Promise<ScalingLease>;
