import type { Environment, Logger } from '@spillway/runtime';
import type { ScalingPlan } from '@spillway/scaling';
import type { Registry } from 'prom-client';

/** A worker that was launched and has not left yet, or has failed. */
export interface Worker {
  /** Of the target: a task, a container, a pod; for the log. */
  readonly id: string;
  /** When it was launched, RFC 3339. */
  readonly startedAt: string;
  /**
   * `ready` when it takes jobs, as far as the target can tell. `failed` when it is no worker any more
   * and did not leave by itself: its program ended with another code than 0, or never began.
   */
  readonly state: 'starting' | 'ready' | 'failed';
}

/** Workers that a target did not launch. */
export interface Refusal {
  /** In few words, the same for the same cause: it is a label of a metric. For example `quota`, `capacity`. */
  readonly reason: string;
  readonly count: number;
}

export interface LaunchAnswer {
  readonly launched: number;
  /** Empty when all were launched. */
  readonly refused: readonly Refusal[];
}

/**
 * Where workers run. There is nothing here that stops one: a worker leaves by itself when it is idle
 * (`SPILLWAY_EXIT_WHEN_IDLE_SECONDS`). `testing/target-suite.ts` is this contract as tests.
 */
export interface WorkerTarget {
  /** For the log. */
  readonly name: string;
  /**
   * All workers of this installation, also those that a process before this one launched. Knows of a
   * worker as soon as `launch` has answered. Those that have left are not in it; those that failed are
   * for a minute at least (of many, a few), so that a round of the plan sees them.
   */
  list(): Promise<readonly Worker[]>;
  /**
   * Launches up to `count` workers and does not wait until they take jobs. Rejects when it is not
   * known what became of it: the same `count` is then launched with the same `token` again, and
   * workers that the first call did launch are not launched twice, but counted as launched.
   *
   * `token` is 16 characters of `a-z0-9`, another one for each decision.
   */
  launch(count: number, token: string): Promise<LaunchAnswer>;
  /** Lets go of connections; of workers only those that cannot live without this process. */
  close(): Promise<void>;
}

/**
 * Reads the target's own settings, and throws `ConfigError` for those that cannot be used. `registry` takes
 * metrics that only this target has.
 */
export type OpenTarget = (
  environment: Environment,
  log: Logger,
  registry: Registry,
) => Promise<WorkerTarget>;

/** Whose turn it is to plan: one process at a time. */
export interface Lease {
  /** Asks for it, or renews it when that is due. Never rejects. */
  hold(): Promise<boolean>;
  /** Lets another one have it. Never rejects. */
  release(): Promise<void>;
}

/** What the metrics tell. */
export interface Observer {
  leads(isLeading: boolean): void;
  /** Null: nothing could be seen. */
  saw(source: 'backlog' | 'queues' | null): void;
  planned(plan: ScalingPlan, workers: { readonly ready: number; readonly starting: number }): void;
  answered(answer: LaunchAnswer): void;
  /** So many workers ended before they did anything. */
  failed(workers: number): void;
  /** A round ended with an error of the target. */
  broke(): void;
}
