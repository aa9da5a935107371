import { availableParallelism, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ENCODE_JOBS, queueSpec } from '@spillway/contracts';
import {
  CommaList,
  ConfigError,
  type Environment,
  Flag,
  PositiveNumber,
  type ProgramConfig,
  programConfigOf,
  programSettings,
  readConfig,
  settingsOf,
  WholeNumber,
} from '@spillway/runtime';
import * as z from 'zod';
import type { IdleLimits } from './app/idle.ts';

const Count = z.coerce.number().int().positive();
const AbsolutePath = z.string().refine(isAbsolute, 'must be an absolute path');

/** After so many deliveries the broker itself puts a job aside, and no result tells of its end. */
const MOST_ATTEMPTS = queueSpec(ENCODE_JOBS).maxDeliveries;

const Settings = z.object({
  // One more than cores: none idles while the answer of a short job is on its way.
  SPILLWAY_ENCODER_SLOTS: Count.default(availableParallelism() + 1),
  SPILLWAY_INGEST_SLOTS: Count.default(8),
  SPILLWAY_WORK_DIR: AbsolutePath.default(join(tmpdir(), 'spillway-work')),
  SPILLWAY_STOP_GRACE_SECONDS: z.coerce.number().nonnegative().default(20),
  SPILLWAY_EXIT_WHEN_IDLE_SECONDS: PositiveNumber.optional(),
  SPILLWAY_LEAST_LIFE_SECONDS: z.coerce.number().nonnegative().default(0),
  SPILLWAY_SCALE_IN_PROTECTION: Flag.default(false),
  // Set by ECS.
  ECS_AGENT_URI: z.url().optional(),
  SPILLWAY_STALL_SECONDS: PositiveNumber.default(60),
  SPILLWAY_CANCEL_POLL_SECONDS: PositiveNumber.default(5),
  SPILLWAY_JOB_ATTEMPTS: Count.max(MOST_ATTEMPTS).default(5),
  SPILLWAY_JOB_RETRY_SECONDS: PositiveNumber.default(5),
  SPILLWAY_ALLOW_FILE_SOURCES: Flag.default(false),
  SPILLWAY_EGRESS_ALLOW: CommaList.default([]),
  SPILLWAY_SOURCE_MAX_BYTES: WholeNumber.default(64 * 1024 ** 3),
  SPILLWAY_INGEST_TIMEOUT_SECONDS: PositiveNumber.default(4 * 3600),
});

/** What finding and running ffmpeg takes; credentials stay with the worker. */
const MEDIA_VARIABLES = ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR', 'TZ', 'NODE_COMPILE_CACHE'];

const ProgramSettings = programSettings(9091).extend({
  STORAGE_URL: z.string(),
});

export interface EncoderConfig {
  /** Encodes at once. */
  readonly slots: number;
  /** Downloads at once. */
  readonly ingestSlots: number;
  /** The whole environment of ffmpeg. */
  readonly mediaEnvironment: Environment;
  /** For the files of running encodes; each worker has a folder of its own in it. */
  readonly workDir: string;
  /** How long a stop waits for jobs that are nearly done. */
  readonly stopGraceSeconds: number;
  /** When the worker leaves by itself; null: it stays. */
  readonly exitWhenIdle: IdleLimits | null;
  /** Of the ECS agent, whose protection the worker holds while it works; null: it needs none. */
  readonly protectionAgentUrl: string | null;
  /** An ffmpeg that makes no progress for so long is ended. */
  readonly stallSeconds: number;
  /** How soon a canceled order's encode is noticed. */
  readonly cancelPollSeconds: number;
  /** Tries at a job whose failure may pass. */
  readonly jobAttempts: number;
  /** Before the second try; doubles up to five minutes. */
  readonly jobRetrySeconds: number;
  /** Whether an order may name a file of this machine: standalone mode only. */
  readonly allowFileSources: boolean;
  /** Hosts and CIDRs that sources may be fetched from although they are private. */
  readonly egressAllow: readonly string[];
  readonly sourceMaxBytes: number;
  /** A download that takes longer is given up. */
  readonly ingestTimeoutSeconds: number;
}

const exitWhenIdle = (settings: z.output<typeof Settings>): IdleLimits | null =>
  settings.SPILLWAY_EXIT_WHEN_IDLE_SECONDS === undefined
    ? null
    : {
        idleSeconds: settings.SPILLWAY_EXIT_WHEN_IDLE_SECONDS,
        leastLifeSeconds: settings.SPILLWAY_LEAST_LIFE_SECONDS,
      };

/** A worker that leaves by itself is nobody's to scale in: one or the other. */
function protectionAgentUrl(settings: z.output<typeof Settings>): string | null {
  if (!settings.SPILLWAY_SCALE_IN_PROTECTION) return null;
  if (settings.SPILLWAY_EXIT_WHEN_IDLE_SECONDS !== undefined) {
    throw new ConfigError(
      'SPILLWAY_SCALE_IN_PROTECTION is for the workers of a service; those do not leave by SPILLWAY_EXIT_WHEN_IDLE_SECONDS',
    );
  }
  if (settings.ECS_AGENT_URI === undefined) {
    throw new ConfigError('SPILLWAY_SCALE_IN_PROTECTION: ECS_AGENT_URI is missing; ECS sets it');
  }
  return settings.ECS_AGENT_URI;
}

/** Throws `ConfigError`. */
export function readEncoderConfig(environment: Environment = process.env): EncoderConfig {
  const settings = readConfig(Settings, environment);
  return {
    slots: settings.SPILLWAY_ENCODER_SLOTS,
    ingestSlots: settings.SPILLWAY_INGEST_SLOTS,
    mediaEnvironment: settingsOf(
      Object.fromEntries(MEDIA_VARIABLES.map((name) => [name, environment[name]])),
    ),
    workDir: settings.SPILLWAY_WORK_DIR,
    stopGraceSeconds: settings.SPILLWAY_STOP_GRACE_SECONDS,
    exitWhenIdle: exitWhenIdle(settings),
    protectionAgentUrl: protectionAgentUrl(settings),
    stallSeconds: settings.SPILLWAY_STALL_SECONDS,
    cancelPollSeconds: settings.SPILLWAY_CANCEL_POLL_SECONDS,
    jobAttempts: settings.SPILLWAY_JOB_ATTEMPTS,
    jobRetrySeconds: settings.SPILLWAY_JOB_RETRY_SECONDS,
    allowFileSources: settings.SPILLWAY_ALLOW_FILE_SOURCES,
    egressAllow: settings.SPILLWAY_EGRESS_ALLOW,
    sourceMaxBytes: settings.SPILLWAY_SOURCE_MAX_BYTES,
    ingestTimeoutSeconds: settings.SPILLWAY_INGEST_TIMEOUT_SECONDS,
  };
}

/** What the program alone needs besides. */
export interface EncoderProgramConfig extends ProgramConfig {
  readonly storageUrl: string;
}

/** Throws `ConfigError`. */
export function readProgramConfig(environment?: Environment): EncoderProgramConfig {
  const settings = readConfig(ProgramSettings, environment);
  return {
    ...programConfigOf(settings),
    storageUrl: settings.STORAGE_URL,
  };
}
