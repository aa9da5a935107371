import { type Broker, type BrokerEvent, startBroker } from '@spillway/broker';
import { brokerMetrics } from './metrics.ts';
import { parseOptions, UsageError, usage } from './options.ts';
import { createQueues, readQueues } from './queues.ts';

function logEvent({ level, message, details }: BrokerEvent): void {
  const time = new Date().toISOString();
  process.stderr.write(`${JSON.stringify({ level, time, message, ...details })}\n`);
}

async function run(args: string[]): Promise<void> {
  const options = parseOptions(args);
  if (options === 'help') {
    process.stdout.write(usage);
    return;
  }
  const queues = options.queues === undefined ? [] : await readQueues(options.queues);
  let broker: Broker | undefined;
  const registry = brokerMetrics(() => broker);
  const metrics = async () => ({ type: registry.contentType, body: await registry.metrics() });
  broker = await startBroker({ ...options, log: logEvent, pages: { '/metrics': metrics } });
  const running = broker;
  const stop = (): void => {
    void running.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await createQueues(running.url, queues).catch(async (error) => {
    await running.close();
    throw error;
  });
  // Programs wait for this line to know that requests are accepted.
  process.stdout.write(`spillway broker is ready on ${running.url}\n`);
}

/** What to tell a user; an error nobody foresaw keeps its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port, path } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `port ${port} is in use by another program`;
  if (code === 'EADDRNOTAVAIL') return 'the address given by --host is not one of this machine';
  if (code === 'EACCES') return `no permission for ${path ?? `port ${port}`}`;
  const known = code !== undefined || ['UsageError', 'FolderLockedError'].includes(error.name);
  return known ? error.message : (error.stack ?? error.message);
}

run(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`broker: ${explain(error)}\n`);
  if (error instanceof UsageError) process.stderr.write('Try: npm run broker -- --help\n');
  process.exit(1);
});
