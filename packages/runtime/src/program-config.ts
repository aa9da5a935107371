import * as z from 'zod';
import { Flag, Port } from './config.ts';
import { type LogLevel, logLevels } from './log.ts';

/** What every service needs when it runs as a program of its own. */
export interface ProgramConfig {
  readonly brokerUrl: string;
  /** Of RabbitMQ only, with name and password. */
  readonly amqpManagementUrl: string | undefined;
  /** What names in SQS and SNS begin with. */
  readonly queuePrefix: string;
  /** Queues and topics are made by a template: they are checked, not made. */
  readonly queuesProvisioned: boolean;
  /** Where /healthz, /readyz and /metrics are; port 0 takes a free one. */
  readonly admin: { readonly host: string; readonly port: number };
  readonly logLevel: LogLevel;
}

/** SQS takes names of at most 80 of these; ours and `-dlq.fifo` need 25. */
const QueuePrefix = z.string().regex(/^[A-Za-z0-9_-]{0,50}$/, 'must be letters, digits, - and _');

/** The variables of `ProgramConfig`; several programs on one machine want admin ports of their own. */
export const programSettings = (adminPort: number) =>
  z.object({
    BROKER_URL: z.string(),
    SPILLWAY_AMQP_MANAGEMENT_URL: z.url().optional(),
    SPILLWAY_QUEUE_PREFIX: QueuePrefix.default(''),
    SPILLWAY_QUEUES_PROVISIONED: Flag.default(false),
    SPILLWAY_ADMIN_HOST: z.string().default('127.0.0.1'),
    SPILLWAY_ADMIN_PORT: Port.default(adminPort),
    SPILLWAY_LOG_LEVEL: z.enum(logLevels).default('info'),
  });

export const programConfigOf = (
  settings: z.output<ReturnType<typeof programSettings>>,
): ProgramConfig => ({
  brokerUrl: settings.BROKER_URL,
  amqpManagementUrl: settings.SPILLWAY_AMQP_MANAGEMENT_URL,
  queuePrefix: settings.SPILLWAY_QUEUE_PREFIX,
  queuesProvisioned: settings.SPILLWAY_QUEUES_PROVISIONED,
  admin: { host: settings.SPILLWAY_ADMIN_HOST, port: settings.SPILLWAY_ADMIN_PORT },
  logLevel: settings.SPILLWAY_LOG_LEVEL,
});
