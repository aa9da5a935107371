import { Outputs } from '@spillway/contracts';
import type { JobState, OrderState } from '../../domain/order.ts';
import { jobKey } from '../../domain/order.ts';

/** Of choices that an older program did not know (law 9): its orders are what they would be by default. */
const laterChoices = {
  outputs: Outputs.parse({}),
  uploads: {},
  limits: null,
  playback: 'public',
} as const;

/** A row of `orders` with its jobs as JSON, which writes times in Postgres's own way. */
export interface OrderRow {
  readonly id: string;
  readonly customer_id: string;
  readonly request: OrderState['request'];
  readonly status: OrderState['status'];
  readonly stage: OrderState['stage'];
  readonly progress: number;
  readonly error: OrderState['error'];
  readonly warnings: string[];
  readonly ffmpeg_build: string | null;
  readonly foreign_builds: number;
  readonly sequence: number;
  readonly version: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly playable_at: Date | null;
  readonly run: number;
  readonly retried_at: Date | null;
  readonly ended_at: Date | null;
  readonly expired_at: Date | null;
  readonly jobs: JobRow[] | null;
}

/** By name: a newer program may have added some (law 9). */
export const ORDER_COLUMNS = `id, customer_id, request, status, stage, progress, error, warnings,
  ffmpeg_build, foreign_builds, sequence, version, created_at, started_at, playable_at, run, retried_at,
  ended_at, expired_at`;

interface JobRow {
  readonly kind: JobState['kind'];
  readonly index: number;
  readonly status: JobState['status'];
  readonly progress: number;
  readonly outcome: JobState['outcome'];
  readonly attempts: JobState['attempts'];
  readonly estimate_seconds: number | null;
  readonly times_lost: number;
  readonly sent_at: string;
  readonly heard_at: string | null;
  readonly ended_at: string | null;
}

export function time(value: Date | string): string;
export function time(value: Date | string | null): string | null;
export function time(value: Date | string | null): string | null {
  return value === null ? null : new Date(value).toISOString();
}

const jobOf = (row: JobRow): JobState => ({
  kind: row.kind,
  index: row.index,
  status: row.status,
  progress: row.progress,
  outcome: row.outcome,
  attempts: row.attempts,
  estimateSeconds: row.estimate_seconds,
  timesLost: row.times_lost,
  sentAt: time(row.sent_at),
  // Null in the rows of an older program.
  heardAt: time(row.heard_at ?? row.sent_at),
  endedAt: time(row.ended_at),
});

export const stateOf = (row: OrderRow): OrderState => ({
  id: row.id,
  customerId: row.customer_id,
  request: {
    ...laterChoices,
    ...row.request,
    outputs: { ...laterChoices.outputs, ...row.request.outputs },
  },
  status: row.status,
  stage: row.stage,
  progress: row.progress,
  error: row.error,
  warnings: row.warnings,
  ffmpegBuild: row.ffmpeg_build,
  foreignBuilds: row.foreign_builds,
  createdAt: time(row.created_at),
  startedAt: time(row.started_at),
  playableAt: time(row.playable_at),
  run: row.run,
  retriedAt: time(row.retried_at),
  endedAt: time(row.ended_at),
  expiredAt: time(row.expired_at),
  sequence: row.sequence,
  jobs: Object.fromEntries((row.jobs ?? []).map((job) => [jobKey(job), jobOf(job)])),
});
