import {
  type Environment,
  PositiveNumber,
  type ProgramConfig,
  programConfigOf,
  programSettings,
  readConfig,
  WholeNumber,
} from '@spillway/runtime';
import * as z from 'zod';

const Count = z.coerce.number().int().positive();

const Settings = z
  .object({
    SPILLWAY_MIN_WORKERS: WholeNumber.default(0),
    SPILLWAY_MAX_WORKERS: Count.default(10),
    SPILLWAY_WAIT_TARGET_SECONDS: PositiveNumber.default(120),
    SPILLWAY_START_SECONDS: PositiveNumber.default(45),
    SPILLWAY_WORKER_CORES: Count.default(2),
    SPILLWAY_INGEST_SLOTS: Count.default(8),
    SPILLWAY_PLAN_SECONDS: PositiveNumber.default(5),
  })
  .refine((settings) => settings.SPILLWAY_MIN_WORKERS <= settings.SPILLWAY_MAX_WORKERS, {
    path: ['SPILLWAY_MIN_WORKERS'],
    message: 'is more than SPILLWAY_MAX_WORKERS',
  });

/** The targets of the program, see adapters/targets.ts; standalone runs workers in its own process. */
export const targetNames = ['docker', 'ecs', 'kubernetes', 'keda'] as const;
export type TargetName = (typeof targetNames)[number];

const ProgramSettings = programSettings(9093).extend({
  SPILLWAY_API_URL: z.url(),
  SPILLWAY_API_KEY: z.string(),
  SPILLWAY_SCALING_TARGET: z.enum(targetNames),
});

export interface AutoscalerConfig {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  /** No job should wait for longer. */
  readonly waitTargetSeconds: number;
  /** From a launch to the first job that is taken. */
  readonly startSeconds: number;
  /** Of one worker: the encodes it does at once without any of them being slower for it. */
  readonly workerCores: number;
  /** Of one worker: downloads at once. */
  readonly ingestSlots: number;
  /** Between two plans. */
  readonly planSeconds: number;
}

/** Throws `ConfigError`. */
export function readAutoscalerConfig(environment?: Environment): AutoscalerConfig {
  const settings = readConfig(Settings, environment);
  return {
    minWorkers: settings.SPILLWAY_MIN_WORKERS,
    maxWorkers: settings.SPILLWAY_MAX_WORKERS,
    waitTargetSeconds: settings.SPILLWAY_WAIT_TARGET_SECONDS,
    startSeconds: settings.SPILLWAY_START_SECONDS,
    workerCores: settings.SPILLWAY_WORKER_CORES,
    ingestSlots: settings.SPILLWAY_INGEST_SLOTS,
    planSeconds: settings.SPILLWAY_PLAN_SECONDS,
  };
}

/** What the program alone needs besides. */
export interface AutoscalerProgramConfig extends ProgramConfig {
  /** Of order-api. */
  readonly apiUrl: string;
  /** Of the operator. */
  readonly apiKey: string;
  readonly target: TargetName;
  /** What the target reads its own settings from. */
  readonly environment: Environment;
}

/** Throws `ConfigError`. */
export function readProgramConfig(environment: Environment = process.env): AutoscalerProgramConfig {
  const settings = readConfig(ProgramSettings, environment);
  return {
    ...programConfigOf(settings),
    apiUrl: settings.SPILLWAY_API_URL,
    apiKey: settings.SPILLWAY_API_KEY,
    target: settings.SPILLWAY_SCALING_TARGET,
    environment,
  };
}
