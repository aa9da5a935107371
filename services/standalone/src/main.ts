import { ConfigError, commandLine, runProgram } from '@spillway/runtime';
import { followOrder, placeOrder } from './client.ts';
import { readStandaloneConfig, sourceUrl } from './config.ts';
import { openLog } from './log-file.ts';
import { endingOf, progressBar } from './progress-bar.ts';
import { type System, startSystem } from './system.ts';

const USAGE = 'usage: npm start [-- <video file or address>]';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm start -- clip.mp4`: an order for that file, followed to its end; the system goes on. */
async function orderAndFollow(api: string, source: string): Promise<void> {
  try {
    const order = await placeOrder(api, { source: { url: sourceUrl(source) } });
    say(`Order ${order.id} for ${source}`);
    const ended = await followOrder(api, order.id, progressBar(process.stdout));
    say(endingOf(ended));
    if (ended.playback) say(`Watch it: ${new URL(ended.playback.playUrl, api)}`);
  } catch (error) {
    say(`The order for ${source} did not go through: ${(error as Error).message}`);
  }
}

const config = readStandaloneConfig();
const { log, path } = await openLog(config);
await runProgram(log, async (): Promise<System> => {
  const { positionals } = commandLine({}, USAGE);
  if (positionals.length > 1) throw new ConfigError(USAGE);
  const system = await startSystem(config, log);
  say(`Spillway is ready on ${system.url}`);
  say(`Metrics are on ${system.adminUrl}/metrics`);
  say(`Data is in ${config.dataDir}, the log in ${path}; Ctrl-C stops it.`);
  const [source] = positionals;
  if (source !== undefined) void orderAndFollow(system.url, source);
  return system;
});
