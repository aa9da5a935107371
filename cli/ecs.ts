// npm run ecs -- up | diff | down [--base] PARAMETERS.json
import { type Change, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ConfigError, commandLine } from '@spillway/runtime';
import { CommandError, print, printTable, runPlainCommand, say } from './command.ts';
import { readCallerFolder } from './config.ts';
import { type Deployment, readDeployment } from './ecs/deployment.ts';
import { drop, execute, outputsOf, type Planned, plan, remove, stateOf } from './ecs/stacks.ts';
import { migrate, stopWorkers } from './ecs/tasks.ts';

const USAGE = 'usage: npm run ecs -- up | diff | down [--base] PARAMETERS.json';

interface Clients {
  readonly stacks: CloudFormationClient;
  readonly tasks: ECSClient;
}

const rowOf = ({ ResourceChange: change }: Change): string[] => [
  change?.Action ?? '',
  change?.ResourceType ?? '',
  change?.LogicalResourceId ?? '',
  change?.Replacement === 'True' ? 'is replaced' : '',
  [...new Set(change?.Details?.map(({ Target }) => Target?.Name ?? Target?.Attribute ?? ''))].join(
    ' ',
  ),
];

function show({ stack, changeSet, changes }: Planned): void {
  print(`${stack.name}: ${changeSet === null ? 'as it should be' : `${changes.length} changes`}`);
  if (changeSet !== null) printTable(changes.map((change) => ['', ...rowOf(change)]));
}

async function diff({ stacks }: Clients, { base, services }: Deployment): Promise<void> {
  const first = await plan(stacks, base);
  show(first);
  await drop(stacks, first);
  // The second stack takes names from the first.
  if (first.isNew) return print(`${services.name}: all of it is new`);
  const second = await plan(stacks, services);
  show(second);
  await drop(stacks, second);
}

async function up({ stacks, tasks }: Clients, deployment: Deployment): Promise<void> {
  const { base, services } = deployment;
  const first = await plan(stacks, base);
  show(first);
  await execute(stacks, first);
  say('migrating the database ...');
  await migrate(tasks, deployment, outputsOf(await stateOf(stacks, base.name)));
  const second = await plan(stacks, services);
  show(second);
  await execute(stacks, second);
  const { Url = '' } = outputsOf(await stateOf(stacks, services.name));
  const { AdminKey = '' } = outputsOf(await stateOf(stacks, base.name));
  print(`API           ${Url}`);
  print(
    `operator key  aws secretsmanager get-secret-value --query SecretString --output text --secret-id ${AdminKey}`,
  );
}

async function down(
  { stacks, tasks }: Clients,
  { name, base, services }: Deployment,
  withBase: boolean,
): Promise<void> {
  const kept = outputsOf(await stateOf(stacks, base.name));
  if (kept.Cluster !== undefined) await stopWorkers(tasks, name, kept.Cluster);
  await remove(stacks, services.name);
  print(
    `${services.name} is removed. Orders, files and messages are kept: "up" goes on with them.`,
  );
  if (!withBase) return;
  await remove(stacks, base.name);
  print(`${base.name} is removed, with the queues. These stay, and cost, until you remove them:`);
  const staying = ['Bucket', 'DatabaseId', 'DatabaseSecret', 'Secret', 'AdminKey'];
  printTable(staying.filter((each) => kept[each]).map((each) => ['', each, kept[each] ?? '']));
}

/** What AWS says is for whoever typed the command; a stack trace of the SDK is not. */
async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (
      !(error instanceof Error) ||
      !('$metadata' in error || /Credentials|Region/.test(`${error.name} ${error.message}`))
    )
      throw error;
    throw new CommandError(`AWS: ${error.message}`);
  }
}

await runPlainCommand(async () => {
  const { values, positionals } = commandLine({ base: { type: 'boolean' } }, USAGE);
  const [verb, file, ...others] = positionals;
  const { base = false } = values;
  if (file === undefined || others.length > 0 || (base && verb !== 'down'))
    throw new ConfigError(USAGE);
  const deployment = readDeployment(file, readCallerFolder());
  const clients = { stacks: new CloudFormationClient(), tasks: new ECSClient() };
  if (verb === 'up') return told(() => up(clients, deployment));
  if (verb === 'diff') return told(() => diff(clients, deployment));
  if (verb === 'down') return told(() => down(clients, deployment, base));
  throw new ConfigError(USAGE);
});
