import { CommaList, type Environment, Flag, readConfig } from '@spillway/runtime';
import * as z from 'zod';

/** `NAME:WEIGHT`. */
const Provider = z
  .string()
  .regex(/^[A-Za-z0-9_-]+:\d+$/, 'must be a capacity provider and its weight, as in FARGATE:1')
  .transform((text) => {
    const [name = '', weight] = text.split(':');
    return { name, weight: Number(weight) };
  });

const Names = CommaList.pipe(z.array(z.string()).min(1));

const Settings = z.object({
  SPILLWAY_ECS_CLUSTER: z.string(),
  SPILLWAY_ECS_TASK_DEFINITION: z.string(),
  SPILLWAY_ECS_SUBNETS: Names,
  SPILLWAY_ECS_SECURITY_GROUPS: Names,
  SPILLWAY_ECS_ASSIGN_PUBLIC_IP: Flag.default(false),
  SPILLWAY_ECS_CAPACITY: CommaList.pipe(z.array(Provider).min(1)).prefault('FARGATE:1'),
  // ECS took 36 for a long time, and our names need no more.
  SPILLWAY_ECS_STARTED_BY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,36}$/, 'must be at most 36 letters, digits, - and _')
    .default('spillway'),
});

export interface CapacityProvider {
  readonly name: string;
  /** Its share of the tasks, beside the weights of the others. */
  readonly weight: number;
}

export interface EcsConfig {
  /** Name or ARN. */
  readonly cluster: string;
  /** Of the worker: an ARN with its revision, or a family, whose newest revision then runs. */
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Needed in subnets that reach the internet without a NAT gateway. */
  readonly assignPublicIp: boolean;
  /** The surest last: what the others have no room for is asked of it. */
  readonly capacity: readonly CapacityProvider[];
  /** Marks our tasks in the cluster, and finds them again. */
  readonly startedBy: string;
}

/** Throws `ConfigError`. */
export function readEcsConfig(environment?: Environment): EcsConfig {
  const settings = readConfig(Settings, environment);
  return {
    cluster: settings.SPILLWAY_ECS_CLUSTER,
    taskDefinition: settings.SPILLWAY_ECS_TASK_DEFINITION,
    subnets: settings.SPILLWAY_ECS_SUBNETS,
    securityGroups: settings.SPILLWAY_ECS_SECURITY_GROUPS,
    assignPublicIp: settings.SPILLWAY_ECS_ASSIGN_PUBLIC_IP,
    capacity: settings.SPILLWAY_ECS_CAPACITY,
    startedBy: settings.SPILLWAY_ECS_STARTED_BY,
  };
}
