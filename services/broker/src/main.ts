#!/usr/bin/env node
import { type Broker, FolderLockedError, startBroker } from '@spillway/broker';
import { ConfigError, createLogger, type Running, runProgram } from '@spillway/runtime';
import { brokerMetrics } from './metrics.ts';
import { type ProgramOptions, parseOptions, usage } from './options.ts';
import { createQueues, readQueues } from './queues.ts';

// Standard output is for the line that says the broker is ready.
const log = createLogger('broker', 'info', process.stderr);

async function start(options: ProgramOptions): Promise<Running> {
  const queues = options.queues === undefined ? [] : await readQueues(options.queues);
  let broker: Broker | undefined;
  const registry = brokerMetrics(() => broker);
  const metrics = async () => ({ type: registry.contentType, body: await registry.metrics() });
  broker = await startBroker({
    ...options,
    log: ({ level, message, details }) => log[level](details, message),
    pages: { '/metrics': metrics },
  }).catch((error) => {
    throw explain(error, options);
  });
  const { url, close } = broker;
  await createQueues(url, queues).catch(async (error) => {
    await close();
    throw error;
  });
  // Programs wait for this line to know that requests are accepted.
  process.stdout.write(`spillway broker is ready on ${url}\n`);
  return broker;
}

/** Mistakes of the caller in words; an error nobody foresaw stays as it is. */
function explain(error: unknown, { host, port, dataDir }: ProgramOptions): unknown {
  if (error instanceof FolderLockedError) return new ConfigError(error.message);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'mkdir') return new ConfigError(`--data-dir ${dataDir} cannot be made: ${code}`);
  if (code === 'EADDRINUSE') return new ConfigError(`port ${port} is in use by another program`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new ConfigError(`--host ${host} is not an address of this machine`);
  }
  if (code === 'EACCES') {
    return new ConfigError(`no permission for port ${port} or for the folder ${dataDir}`);
  }
  return error;
}

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) process.stdout.write(usage);
else await runProgram(log, () => start(parseOptions(args)));
