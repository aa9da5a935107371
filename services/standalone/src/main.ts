import { SpillwayClient } from '@spillway/client';
import { ConfigError, commandLine, type Logger, runProgram } from '@spillway/runtime';
import { readStandaloneConfig, type StandaloneConfig, sourceUrl } from './config.ts';
import { openLog } from './log-file.ts';
import { endingOf, progressBar } from './progress-bar.ts';
import { type System, startSystem } from './system.ts';

const USAGE = 'usage: npm start [-- <video file or address>]';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm start -- clip.mp4`: an order for that file, followed to its end; the system goes on. */
async function orderAndFollow({ url, adminKey }: System, source: string): Promise<void> {
  const client = new SpillwayClient({ url, apiKey: adminKey });
  let id: string | undefined;
  try {
    ({ id } = await client.placeOrder({ source: { url: sourceUrl(source) } }));
    say(`Order ${id} for ${source}`);
    const ended = await client.followOrder(id, { onChange: progressBar(process.stdout) });
    say(endingOf(ended));
    if (ended.playback) say(`Watch it: ${new URL(ended.playback.playUrl, url)}`);
  } catch (error) {
    const { message } = error as Error;
    // An order that was accepted is kept, also when Ctrl-C ends the one who follows it.
    say(
      id === undefined
        ? `There is no order for ${source}: ${message}`
        : `Order ${id} is followed no longer (${message}); it goes on whenever Spillway runs.`,
    );
  }
}

async function start(config: StandaloneConfig, log: Logger, logPath: string): Promise<System> {
  const { positionals } = commandLine({}, USAGE);
  if (positionals.length > 1) throw new ConfigError(USAGE);
  const system = await startSystem(config, log);
  say(`Spillway is ready on ${system.url}`);
  say(`Metrics are on ${system.adminUrl}/metrics`);
  say(`Data is in ${config.dataDir}, the log in ${logPath}; Ctrl-C stops it.`);
  const [source] = positionals;
  if (source !== undefined) void orderAndFollow(system, source);
  return system;
}

try {
  const config = readStandaloneConfig();
  const { log, path } = await openLog(config);
  await runProgram(log, () => start(config, log, path));
} catch (error) {
  // There is no log to write to yet.
  process.stderr.write(`Could not start: ${(error as Error).message}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
