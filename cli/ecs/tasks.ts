import {
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
  UpdateServiceCommand,
  waitUntilServicesStable,
  waitUntilTasksStopped,
} from '@aws-sdk/client-ecs';
import { CommandError, say } from '../command.ts';
import type { Deployment } from './deployment.ts';

/** A migration of millions of rows; the next release waits for it. */
const MIGRATE_SECONDS = 3600;
/** Fargate's own limit is two minutes. */
const STOP_SECONDS = 600;
const POLL = { minDelay: 1, maxDelay: 5 };

const listOf = (text: string | undefined): string[] =>
  (text ?? '').split(',').map((each) => each.trim());

/** Runs the newest revision of the migration and waits for its end; throws unless that was good. */
export async function migrate(
  client: ECSClient,
  { name, parameters }: Deployment,
  outputs: Readonly<Record<string, string>>,
): Promise<void> {
  const cluster = outputs.Cluster;
  const { tasks = [], failures = [] } = await client.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: outputs.MigrateTask,
      launchType: 'FARGATE',
      count: 1,
      startedBy: `${name}-up`,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: listOf(parameters.SubnetIds),
          securityGroups: listOf(outputs.ApiSecurityGroup),
          assignPublicIp: parameters.AssignPublicIp === 'DISABLED' ? 'DISABLED' : 'ENABLED',
        },
      },
    }),
  );
  const arn = tasks[0]?.taskArn;
  if (arn === undefined) {
    throw new CommandError(
      `the migration was not started: ${failures[0]?.reason ?? 'ECS says not why'}`,
    );
  }
  await waitUntilTasksStopped(
    { client, maxWaitTime: MIGRATE_SECONDS, ...POLL },
    { cluster, tasks: [arn] },
  );
  const described = await client.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
  const task: Task | undefined = described.tasks?.[0];
  const exitCode = task?.containers?.[0]?.exitCode;
  if (exitCode === 0) return;
  throw new CommandError(
    `the migration ended with ${exitCode ?? 'no exit code'} (${task?.stoppedReason ?? 'ECS says not why'}), and nothing else was changed. Its log: aws logs tail /spillway/${name} --log-stream-name-prefix migrate`,
  );
}

/**
 * Stops the autoscaler, then every worker that it launched: each finishes what fits into its grace and
 * gives the rest back, so that nothing is lost.
 */
export async function stopWorkers(client: ECSClient, name: string, cluster: string): Promise<void> {
  const service = `${name}-autoscaler`;
  try {
    await client.send(new UpdateServiceCommand({ cluster, service, desiredCount: 0 }));
    await waitUntilServicesStable(
      { client, maxWaitTime: STOP_SECONDS, ...POLL },
      { cluster, services: [service] },
    );
  } catch (error) {
    // Scaled by ECS there is none.
    const isGone = error instanceof Error && /ServiceNot(Found|Active)/.test(error.name);
    if (!isGone) throw error;
  }
  const arns: string[] = [];
  for await (const { taskArns = [] } of paginateListTasks(
    { client },
    { cluster, startedBy: name },
  )) {
    arns.push(...taskArns);
  }
  if (arns.length === 0) return;
  say(`${arns.length} workers give back what they have not finished ...`);
  for (const task of arns) {
    await client.send(new StopTaskCommand({ cluster, task, reason: 'npm run ecs -- down' }));
  }
  for (let from = 0; from < arns.length; from += 100) {
    const tasks = arns.slice(from, from + 100);
    await waitUntilTasksStopped({ client, maxWaitTime: STOP_SECONDS, ...POLL }, { cluster, tasks });
  }
}
