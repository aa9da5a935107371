import {
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  paginateDescribeChangeSet,
  paginateDescribeStackEvents,
  type Stack as StackState,
  waitUntilChangeSetCreateComplete,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { CommandError } from '../command.ts';
import type { Stack } from './deployment.ts';

/** A database takes a quarter of an hour, a deployment waits for protected workers. */
const STACK_SECONDS = 3 * 3600;
const CHANGE_SET_SECONDS = 300;
const POLL = { minDelay: 1, maxDelay: 5 };

export interface Planned {
  readonly stack: Stack;
  readonly isNew: boolean;
  readonly changes: readonly Change[];
  /** Null: there is nothing to change. */
  readonly changeSet: string | null;
}

/** A stack as it is; undefined when it is not there. */
export async function stateOf(
  client: CloudFormationClient,
  name: string,
): Promise<StackState | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0];
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

export const outputsOf = (state: StackState | undefined): Record<string, string> =>
  Object.fromEntries(
    (state?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );

/** Asks CloudFormation what it would do; a change set stays until it is executed or dropped. */
export async function plan(client: CloudFormationClient, stack: Stack): Promise<Planned> {
  const state = await stateOf(client, stack.name);
  if (state?.StackStatus === 'ROLLBACK_COMPLETE') {
    throw new CommandError(`${stack.name} could not be made the last time: "down" removes it`);
  }
  const isNew = state === undefined || state.StackStatus === 'REVIEW_IN_PROGRESS';
  const names = { StackName: stack.name, ChangeSetName: `change-${Date.now()}` };
  await client.send(
    new CreateChangeSetCommand({
      ...names,
      ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
      TemplateBody: stack.template,
      Capabilities: ['CAPABILITY_IAM'],
      Parameters: Object.entries(stack.parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: [{ Key: 'spillway', Value: stack.name }],
    }),
  );
  const waiting = { client, maxWaitTime: CHANGE_SET_SECONDS, ...POLL };
  // Its failure says by a reason whether there was nothing to change: that is read below.
  await waitUntilChangeSetCreateComplete(waiting, names).catch(() => {});
  const changes: Change[] = [];
  let reason = '';
  let status = '';
  for await (const page of paginateDescribeChangeSet({ client }, names)) {
    changes.push(...(page.Changes ?? []));
    reason = page.StatusReason ?? '';
    status = page.Status ?? '';
  }
  const planned = { stack, isNew, changes };
  if (status === 'CREATE_COMPLETE') return { ...planned, changeSet: names.ChangeSetName };
  await client.send(new DeleteChangeSetCommand(names));
  if (/didn't contain changes|No updates/.test(reason)) return { ...planned, changeSet: null };
  throw new CommandError(`${stack.name}: ${reason || `the change set is ${status}`}`);
}

/** Forgets a plan, and the empty stack that CloudFormation made for a new one's. */
export async function drop(client: CloudFormationClient, planned: Planned): Promise<void> {
  const { stack, changeSet, isNew } = planned;
  if (changeSet !== null) {
    const names = { StackName: stack.name, ChangeSetName: changeSet };
    await client.send(new DeleteChangeSetCommand(names));
  }
  // Somebody else's "up" may have begun since: that is no empty stack any more.
  const state = isNew ? await stateOf(client, stack.name) : undefined;
  if (state?.StackStatus === 'REVIEW_IN_PROGRESS') await remove(client, stack.name);
}

/** Carries a plan out and waits; throws with what failed. CloudFormation has rolled back then. */
export async function execute(client: CloudFormationClient, planned: Planned): Promise<void> {
  const { stack, changeSet, isNew } = planned;
  if (changeSet === null) return;
  const StackName = stack.name;
  const since = new Date();
  await client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: changeSet }));
  const wait = isNew ? waitUntilStackCreateComplete : waitUntilStackUpdateComplete;
  try {
    await wait({ client, maxWaitTime: STACK_SECONDS, ...POLL }, { StackName });
  } catch {
    throw new CommandError(`${StackName} failed:\n${await failuresOf(client, StackName, since)}`);
  }
}

/** What is retained stays. */
export async function remove(client: CloudFormationClient, name: string): Promise<void> {
  const state = await stateOf(client, name);
  if (!state) return;
  const since = new Date();
  // By its id: the name is nobody's once it is gone.
  const StackName = state.StackId ?? name;
  await client.send(new DeleteStackCommand({ StackName }));
  try {
    await waitUntilStackDeleteComplete(
      { client, maxWaitTime: STACK_SECONDS, ...POLL },
      { StackName },
    );
  } catch {
    throw new CommandError(`${name} failed:\n${await failuresOf(client, StackName, since)}`);
  }
}

async function failuresOf(
  client: CloudFormationClient,
  StackName: string,
  since: Date,
): Promise<string> {
  const lines: string[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName })) {
    for (const {
      Timestamp,
      ResourceStatus = '',
      LogicalResourceId,
      ResourceStatusReason,
    } of StackEvents) {
      if (Timestamp && Timestamp < since) return lines.toReversed().join('\n');
      if (!ResourceStatus.endsWith('FAILED')) continue;
      lines.push(`  ${LogicalResourceId}: ${ResourceStatus} ${ResourceStatusReason ?? ''}`);
    }
  }
  return lines.toReversed().join('\n');
}
