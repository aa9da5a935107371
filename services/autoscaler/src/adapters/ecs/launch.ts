import { ConflictException, type ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import type { Logger } from '@spillway/runtime';
import type { CapacityProvider, EcsConfig } from './config.ts';
import { type RefusalReason, reasonOfError, reasonOfFailure } from './refusals.ts';

/** RunTask takes no more at once. */
const MOST_TASKS = 10;

export interface LaunchParts {
  readonly config: EcsConfig;
  readonly client: ECSClient;
  readonly log: Logger;
}

/** What became of some tasks: their ARNs, and why the others are not. */
export interface Launched {
  readonly arns: readonly string[];
  readonly refused: readonly RefusalReason[];
}

/**
 * Launches so many tasks, ten a request, all of them by the weights; those that there is no capacity for once
 * more at each provider alone, the surest first. A request with the token of an earlier one launches nothing
 * again, for a day. Rejects when it is not known whether tasks were launched.
 */
export async function launchTasks(
  parts: LaunchParts,
  count: number,
  token: string,
): Promise<Launched> {
  const sizes = Array.from({ length: Math.ceil(count / MOST_TASKS) }, (_, n) =>
    Math.min(MOST_TASKS, count - n * MOST_TASKS),
  );
  const batches = await Promise.all(
    sizes.map((size, n) => launchBatch(parts, size, `${token}-${n}`)),
  );
  return {
    arns: batches.flatMap(({ arns }) => arns),
    refused: batches.flatMap(({ refused }) => refused),
  };
}

async function launchBatch(parts: LaunchParts, count: number, token: string): Promise<Launched> {
  const { capacity } = parts.config;
  let so = await runTasks(parts, count, capacity, token);
  if (capacity.length === 1) return so;
  for (const [n, provider] of [...capacity.entries()].toReversed()) {
    const lacking = so.refused.filter((reason) => reason === 'capacity').length;
    if (lacking === 0) break;
    parts.log.warn({ lacking, provider: provider.name }, 'no capacity; asking one provider alone');
    const alone = [{ ...provider, weight: 1 }];
    const more = await runTasks(parts, lacking, alone, `${token}-${n}`);
    const others = so.refused.filter((reason) => reason !== 'capacity');
    so = { arns: [...so.arns, ...more.arns], refused: [...others, ...more.refused] };
  }
  return so;
}

async function runTasks(
  { config, client, log }: LaunchParts,
  count: number,
  capacity: readonly CapacityProvider[],
  clientToken: string,
): Promise<Launched> {
  const command = new RunTaskCommand({
    cluster: config.cluster,
    taskDefinition: config.taskDefinition,
    count,
    clientToken,
    startedBy: config.startedBy,
    capacityProviderStrategy: capacity.map(({ name, weight }) => ({
      capacityProvider: name,
      weight,
    })),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...config.subnets],
        securityGroups: [...config.securityGroups],
        assignPublicIp: config.assignPublicIp ? 'ENABLED' : 'DISABLED',
      },
    },
    propagateTags: 'TASK_DEFINITION',
    enableECSManagedTags: true,
    enableExecuteCommand: false,
  });
  try {
    const { tasks = [], failures = [] } = await client.send(command);
    for (const { reason, detail } of failures) log.warn({ reason, detail }, 'ECS refused a task');
    const arns = tasks.flatMap(({ taskArn }) => taskArn ?? []);
    const told = failures.map(({ reason = '', detail = '' }) =>
      reasonOfFailure(`${reason} ${detail}`),
    );
    return answerOf(count, arns, told);
  } catch (err) {
    // A repeat that asks for another number than the call whose answer was lost: what that one launched is there.
    if (err instanceof ConflictException) return answerOf(count, err.resourceIds ?? [], []);
    const reason = reasonOfError(err);
    if (reason === null) throw err;
    log.error({ err, reason, count }, 'ECS refused to run tasks');
    return { arns: [], refused: Array.from({ length: count }, () => reason) };
  }
}

/** One failure may speak for several tasks. */
function answerOf(
  count: number,
  arns: readonly string[],
  told: readonly RefusalReason[],
): Launched {
  const missing = Math.max(0, count - arns.length);
  const refused = Array.from({ length: missing }, (_, n) => told[n] ?? told.at(-1) ?? 'other');
  return { arns, refused };
}
