import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { ConfigError } from './config.ts';
import type { Logger } from './log.ts';
import { startTracing } from './tracing.ts';

/** Something that runs until it is closed; `close` drains and then lets go. */
export interface Running {
  close(): Promise<void>;
}

export interface Program extends Running {
  /** Resolves when it has nothing more to do: it is closed then, as by a signal. Most never do. */
  readonly left?: Promise<void>;
}

/**
 * Runs a program's `main`: SIGTERM or SIGINT closes it, or ends its start, with 0; a second signal ends it at
 * once; settings that cannot be used end it with 2 and one plain message. Its traces have the name of its log.
 */
export async function runProgram(log: Logger, start: () => Promise<Program>): Promise<void> {
  let running: Running | null = null;
  let tracing: Running = { close: async () => {} };
  let signals = 0;
  let isClosing = false;
  const close = async (open: Running) => {
    // By a signal, by itself, or both.
    if (isClosing) return;
    isClosing = true;
    try {
      await open.close();
      await tracing.close().catch((err: unknown) => log.warn({ err }, 'the last traces are lost'));
      process.exit(0);
    } catch (err) {
      log.error({ err }, 'did not stop cleanly');
      process.exit(1);
    }
  };
  const stop = (signal: NodeJS.Signals) => {
    signals++;
    if (signals > 1) process.exit(130);
    log.info({ signal }, 'stopping');
    // It may wait for others for long, and has nothing in hand yet.
    if (!running) process.exit(0);
    void close(running);
  };
  // Before the start: as the first process of a container it would not hear of them at all.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    tracing = await startTracing(String(log.bindings().service), log);
    const program = await start();
    running = program;
    void program.left?.then(() => close(program));
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
