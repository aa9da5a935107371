import { DescribeTasksCommand, ECSClient, paginateListTasks, type Task } from '@aws-sdk/client-ecs';
import type { Logger } from '@spillway/runtime';
import type { LaunchAnswer, Worker, WorkerTarget } from '../../app/ports.ts';
import type { EcsConfig } from './config.ts';
import { launchTasks } from './launch.ts';
import { reasonOfFailure } from './refusals.ts';

const MOST_DESCRIBED = 100;
/** ECS is eventually consistent: a task that was launched may be missing from its lists for a moment. */
const UNLISTED_MS = 60_000;
/** Whoever lists sees a task that failed: the plan's rounds are much closer together. */
const FAILED_TOLD_MS = 120_000;

/** A plan waits for it: rather another one soon than one that hangs. */
export const openEcsClient = (): ECSClient =>
  new ECSClient({
    // Launching hundreds runs into ECS's rate; the client then slows down by itself.
    retryMode: 'adaptive',
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 15_000,
      throwOnRequestTimeout: true,
    },
  });

export interface EcsTargetParts {
  readonly config: EcsConfig;
  readonly client: ECSClient;
  readonly log: Logger;
}

/** Workers are tasks of a cluster, each of them run by itself: no service scales them in. */
export class EcsTarget implements WorkerTarget {
  readonly name = 'ecs';
  readonly #parts: EcsTargetParts;
  /** Tasks that have not ended, as far as is known: when each of them was heard of first. */
  readonly #known = new Map<string, number>();
  /** By ARN; those that are told for a while. */
  readonly #failed = new Map<string, { readonly worker: Worker; readonly until: number }>();

  constructor(parts: EcsTargetParts) {
    this.#parts = parts;
  }

  async list(): Promise<readonly Worker[]> {
    const { client, config } = this.#parts;
    // Beside `startedBy` no other filter may stand; tasks that are to stop are not in it.
    const { cluster, startedBy } = config;
    for await (const { taskArns = [] } of paginateListTasks({ client }, { cluster, startedBy })) {
      for (const arn of taskArns) this.#remember(arn);
    }
    const described = await this.#describe([...this.#known.keys()]);
    const alive = [...this.#known].flatMap(([arn, since]) => {
      const task = described.get(arn);
      return task ? this.#read(arn, task) : this.#unknown(arn, since);
    });
    for (const [arn, { until }] of this.#failed) {
      if (Date.now() > until) this.#failed.delete(arn);
    }
    return [...alive, ...Array.from(this.#failed.values(), ({ worker }) => worker)];
  }

  async launch(count: number, token: string): Promise<LaunchAnswer> {
    const { arns, refused } = await launchTasks(this.#parts, count, token);
    for (const arn of arns) this.#remember(arn);
    const byReason = Map.groupBy(refused, (reason) => reason);
    return {
      launched: arns.length,
      refused: [...byReason].map(([reason, those]) => ({ reason, count: those.length })),
    };
  }

  async close(): Promise<void> {
    this.#parts.client.destroy();
  }

  #remember(arn: string): void {
    if (!this.#known.has(arn)) this.#known.set(arn, Date.now());
  }

  async #describe(arns: readonly string[]): Promise<Map<string, Task>> {
    const { client, config } = this.#parts;
    const pages = Array.from({ length: Math.ceil(arns.length / MOST_DESCRIBED) }, (_, page) =>
      arns.slice(page * MOST_DESCRIBED, (page + 1) * MOST_DESCRIBED),
    );
    const answers = await Promise.all(
      pages.map((tasks) =>
        client.send(new DescribeTasksCommand({ cluster: config.cluster, tasks })),
      ),
    );
    const tasks = answers.flatMap(({ tasks = [] }) => tasks);
    return new Map(tasks.map((task) => [task.taskArn ?? '', task]));
  }

  #read(arn: string, task: Task): Worker[] {
    const startedAt = (task.createdAt ?? new Date()).toISOString();
    if (task.lastStatus === 'STOPPED') {
      this.#forget(arn, task);
      if (hasFailed(task)) {
        const worker: Worker = { id: arn, startedAt, state: 'failed' };
        this.#failed.set(arn, { worker, until: Date.now() + FAILED_TOLD_MS });
      }
    }
    if (task.lastStatus === 'STOPPED' || task.desiredStatus === 'STOPPED') return [];
    return [{ id: arn, startedAt, state: task.lastStatus === 'RUNNING' ? 'ready' : 'starting' }];
  }

  /** Launched a moment ago, or ended so long ago that ECS has forgotten it. */
  #unknown(arn: string, since: number): Worker[] {
    if (Date.now() - since < UNLISTED_MS) {
      return [{ id: arn, startedAt: new Date(since).toISOString(), state: 'starting' }];
    }
    this.#known.delete(arn);
    return [];
  }

  /** An image that cannot be pulled shows nowhere else: every plan would launch the next such task. */
  #forget(arn: string, { stopCode, stoppedReason, containers = [] }: Task): void {
    this.#known.delete(arn);
    const exitCode = containers[0]?.exitCode;
    const details = { task: arn, stopCode, stoppedReason, exitCode };
    if (exitCode === 0) this.#parts.log.info(details, 'a worker has left');
    else this.#parts.log.warn(details, 'a worker did not end by itself');
  }
}

/** By a fault of its own or of its settings: not what AWS or somebody else stopped, or had no room for after all. */
const hasFailed = ({ stopCode, stoppedReason = '', containers = [] }: Task): boolean =>
  (stopCode === 'TaskFailedToStart' && reasonOfFailure(stoppedReason) !== 'capacity') ||
  (stopCode === 'EssentialContainerExited' && containers[0]?.exitCode !== 0);
