import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * One JSON object a line, on standard output unless told otherwise. Bind what identifies the work
 * with `log.child({ orderId, jobId })`; secrets are never fields.
 */
export function createLogger(
  service: string,
  level: LogLevel,
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Appends to a file; lines are written at once, so a crash loses none. */
export const logDestination = (path: string): DestinationStream =>
  pino.destination({ dest: path, append: true, sync: true });
