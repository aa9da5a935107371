import { existsSync, renameSync, statSync } from 'node:fs';
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

const LOG_FILE_BYTES = 50_000_000;
const OLD_LOG_FILES = 5;

/** `x.log` becomes `x.log.1`, that `x.log.2`, and so on; the oldest goes. */
function shift(path: string): void {
  for (let number = OLD_LOG_FILES; number >= 1; number--) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    if (existsSync(from)) renameSync(from, `${path}.${number}`);
  }
}

/**
 * Appends to a file; lines are written at once, so a crash loses none. A file that has grown to `maxBytes`
 * is put aside, and five of those are kept.
 */
export function logDestination(path: string, maxBytes = LOG_FILE_BYTES): DestinationStream {
  const file = pino.destination({ dest: path, append: true, sync: true });
  let bytes = statSync(path).size;
  return {
    write(line) {
      if (bytes >= maxBytes) {
        shift(path);
        file.reopen();
        bytes = 0;
      }
      file.write(line);
      bytes += Buffer.byteLength(line);
    },
  };
}
