import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { ConfigError } from './config.ts';
import type { Logger } from './log.ts';
import { startTracing } from './tracing.ts';

/** Something that runs until it is closed; `close` drains and then lets go. */
export interface Running {
  close(): Promise<void>;
}

/**
 * Runs a program's `main`: SIGTERM or SIGINT closes it, or ends its start, with 0; a second signal ends it at
 * once; settings that cannot be used end it with 2 and one plain message. Its traces have the name of its log.
 */
export async function runProgram(log: Logger, start: () => Promise<Running>): Promise<void> {
  let running: Running | null = null;
  let tracing: Running = { close: async () => {} };
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(130);
    stopping = true;
    log.info({ signal }, 'stopping');
    // It may wait for others for long, and has nothing in hand yet.
    if (!running) process.exit(0);
    const flush = () =>
      tracing.close().catch((err: unknown) => log.warn({ err }, 'the last traces are lost'));
    running
      .close()
      .then(flush)
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'did not stop cleanly');
          process.exit(1);
        },
      );
  };
  // Before the start: as the first process of a container it would not hear of them at all.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    tracing = await startTracing(String(log.bindings().service), log);
    running = await start();
  } catch (error) {
    // On standard error too: the log may be a file that nobody is looking at.
    process.stderr.write(`Could not start: ${(error as Error).message}\n`);
    if (!(error instanceof ConfigError)) log.fatal({ err: error }, 'could not start');
    process.exit(error instanceof ConfigError ? 2 : 1);
  }
}

/** Reads the command line; a wrong option is a `ConfigError` that ends with the usage. */
export function commandLine<O extends ParseArgsOptionsConfig>(options: O, usage: string) {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n${usage}`);
  }
}
