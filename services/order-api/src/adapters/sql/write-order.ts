import { enqueueSql } from '@spillway/database';
import { messagesOf, notificationMessage } from '../../app/messages.ts';
import type { TracedStep } from '../../app/ports.ts';
import { jobKey, type OrderState } from '../../domain/order.ts';
import { deliveryRows, insertDeliveriesSql } from './webhook-deliveries.ts';

// An order's change is one statement, so that it is one round trip and all or nothing. What follows
// from it hangs on `changed`, the orders' rows if they were written.
const ORDERS = `jsonb_to_recordset($1::jsonb) AS new (
    id text, "customerId" text, request jsonb, status text, stage text, progress float8, error jsonb,
    warnings jsonb, "ffmpegBuild" text, "foreignBuilds" integer, sequence integer,
    "createdAt" timestamptz, "startedAt" timestamptz, "playableAt" timestamptz, run integer,
    "retriedAt" timestamptz, "endedAt" timestamptz
  )`;

/** `more` are further parts that hang on `changed`. */
const following = (more = ''): string => `
  job AS (
    INSERT INTO jobs (order_id, kind, index, status, progress, outcome, attempts, estimate_seconds,
      times_lost, sent_at, heard_at, ended_at, priority)
    SELECT "orderId", kind, index, status, progress, outcome, attempts, "estimateSeconds",
      "timesLost", "sentAt", "heardAt", "endedAt", priority
    FROM jsonb_to_recordset($2::jsonb) AS new (
      "orderId" text, kind text, index integer, status text, progress float8, outcome jsonb, attempts jsonb,
      "estimateSeconds" float8, "timesLost" integer, "sentAt" timestamptz,
      "heardAt" timestamptz, "endedAt" timestamptz, priority text
    )
    WHERE EXISTS (SELECT FROM changed)
    ON CONFLICT (order_id, kind, index) DO UPDATE SET
      status = excluded.status, progress = excluded.progress, outcome = excluded.outcome,
      attempts = excluded.attempts, estimate_seconds = excluded.estimate_seconds,
      times_lost = excluded.times_lost, sent_at = excluded.sent_at, heard_at = excluded.heard_at,
      ended_at = excluded.ended_at
  ), event AS (
    INSERT INTO events (order_id, sequence, type, occurred_at, snapshot)
    SELECT "orderId", sequence, type, "occurredAt", "order"
    FROM jsonb_to_recordset($3::jsonb) AS new (
      "orderId" text, sequence integer, type text, "occurredAt" timestamptz, "order" jsonb
    )
    WHERE EXISTS (SELECT FROM changed)
  ), message AS (${enqueueSql('$4', 'EXISTS (SELECT FROM changed)')}
  )${more}
  SELECT id FROM changed`;
const FOLLOWING = following();
const FOLLOWING_TOLD = following(`, delivery AS (
    ${insertDeliveriesSql('$6', 'EXISTS (SELECT FROM changed)')}
  )`);

const update = (after: string): string => `
  WITH changed AS (
    UPDATE orders SET
      status = new.status, stage = new.stage, progress = new.progress,
      error = new.error, warnings = new.warnings, ffmpeg_build = new."ffmpegBuild",
      foreign_builds = new."foreignBuilds", sequence = new.sequence, version = version + 1,
      started_at = new."startedAt", playable_at = new."playableAt", run = new.run,
      retried_at = new."retriedAt", ended_at = new."endedAt",
      -- Whatever happens may leave objects behind: they are looked for again once it has ended.
      swept_at = NULL
    FROM ${ORDERS}
    WHERE orders.id = new.id AND orders.version = $5
    RETURNING orders.id
  ), ${after}`;

/** `$5` is the version that was read. */
export const UPDATE_ORDER = update(FOLLOWING);
/** The same, with the deliveries to endpoints: `$6`. Apart, because most changes have none. */
export const UPDATE_ORDER_AND_TELL = update(FOLLOWING_TOLD);

const INSERT = `
    INSERT INTO orders (id, customer_id, request, status, stage, progress, warnings, foreign_builds,
      sequence, created_at)
    SELECT id, "customerId", request, status, stage, progress, warnings, "foreignBuilds", sequence,
      "createdAt"
    FROM ${ORDERS}`;

/** Several orders, all or none. */
export const INSERT_ORDERS = `
  WITH changed AS (${INSERT}
    RETURNING id
  ), ${FOLLOWING}`;

/** `$5` to `$7` name the claimed key, `$8` is the answer to keep with it. */
export const INSERT_ORDER_OF_KEY = `
  WITH held AS (
    UPDATE idempotency_keys SET response = $8::jsonb
    WHERE customer_id = $5 AND key = $6 AND claim = $7 AND response IS NULL
    RETURNING key
  ), changed AS (${INSERT}
    WHERE EXISTS (SELECT FROM held)
    RETURNING id
  ), ${FOLLOWING}`;

/** An order to be written. */
export interface Written {
  /** Null for a new order. */
  readonly before: OrderState | null;
  /** In order, at least one. */
  readonly steps: readonly TracedStep[];
}

/** A zero character or half a surrogate pair, which Postgres does not take. */
const UNSTORABLE = /\\u(0000|d[89a-f])/i;
const storable = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;

/** Clients' text was checked; that of a worker may quote anything. */
function asJson(value: unknown): string {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? JSON.stringify(value, storable) : text;
}

/** `$1` to `$4`: the orders, their jobs that are new, their events and their messages. */
export function parametersOf(written: readonly Written[]): string[] {
  const steps = written.flatMap((order) => order.steps);
  const after = written.map(({ before, steps }) => ({ before, state: steps.at(-1)?.step.state }));
  const orders = after.map(({ state }) => ({ ...state, jobs: undefined }));
  const jobs = after.flatMap(({ before, state }) =>
    Object.values(state?.jobs ?? {})
      .filter((job) => before?.jobs[jobKey(job)] !== job)
      .map((job) => ({ ...job, orderId: state?.id, priority: state?.request.priority })),
  );
  const events = steps.flatMap(({ step }) => step.events);
  const messages = steps.flatMap(({ step, trace, notifications = [] }) => [
    ...messagesOf(step, trace),
    ...notifications.map((notification) => notificationMessage(notification, trace)),
  ]);
  return [orders, jobs, events, messages].map(asJson);
}

/** `$6` of `UPDATE_ORDER_AND_TELL`; null when no endpoint is told. */
export function deliveriesOf(steps: readonly TracedStep[]): string | null {
  const rows = deliveryRows(steps.flatMap(({ notifications = [] }) => notifications));
  return rows.length > 0 ? asJson(rows) : null;
}
