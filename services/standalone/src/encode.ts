// npm run encode -- clip.mp4 --out DIR [--json]: one order through the whole system, start to end.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, answered, type Order, SpillwayClient } from '@spillway/client';
import { ConfigError, commandLine } from '@spillway/runtime';
import { readOneOrderConfig, sourceUrl, userPath } from './config.ts';
import { downloadOutput } from './download.ts';
import { openLog } from './log-file.ts';
import { type OutputFolder, openOutputFolder } from './output-folder.ts';
import { endingOf, progressBar } from './progress-bar.ts';
import { startSystem } from './system.ts';

const USAGE = 'usage: npm run encode -- <video file or address> --out DIR [--json]';

/** The object that `--json` prints as its last line. */
interface Report {
  orderId: string | null;
  status: Order['status'];
  error: { code: string; message: string } | null;
  renditions: Order['renditions'];
  warnings: string[];
  /** Of the video. */
  durationSeconds: number | null;
  /** From the order to the last file in DIR. */
  elapsedSeconds: number;
  out: string | null;
}

const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Who types the command is the operator, and the system is as new as its folder: nobody may name a bucket yet. */
async function allowBucket(client: SpillwayClient, url: string): Promise<void> {
  const folder = url.slice(0, url.lastIndexOf('/') + 1);
  const params = { path: { id: 'default' } };
  const body = { sourcePrefixes: [folder] };
  await answered(client.api.PUT('/v1/customers/{id}', { params, body }));
}

async function encode(source: string, out: OutputFolder, dataDir: string): Promise<Report> {
  const config = readOneOrderConfig(dataDir);
  const { log } = await openLog(config);
  const system = await startSystem(config, log);
  const start = performance.now();
  try {
    const client = new SpillwayClient({ url: system.url, apiKey: system.adminKey });
    const url = sourceUrl(source);
    if (url.startsWith('s3:')) await allowBucket(client, url);
    const { id } = await client.placeOrder({ source: { url } });
    const order = await client.followOrder(id, { onChange: progressBar(process.stderr) });
    say(endingOf(order));
    const completed = order.status === 'completed';
    if (completed) {
      await downloadOutput(system.url, order, out.save);
      await out.finish();
    }
    return {
      orderId: id,
      status: order.status,
      error: order.error,
      renditions: order.renditions,
      warnings: order.warnings,
      durationSeconds: order.durationSeconds,
      elapsedSeconds: secondsSince(start),
      out: completed ? out.path : null,
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(`refused: ${error.message}`);
    return {
      orderId: null,
      status: 'failed',
      error: { code: 'refused', message: error.message },
      renditions: [],
      warnings: [],
      durationSeconds: null,
      elapsedSeconds: secondsSince(start),
      out: null,
    };
  } finally {
    await system.close();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = commandLine(
    { out: { type: 'string' }, json: { type: 'boolean', default: false } },
    USAGE,
  );
  const [source] = positionals;
  if (source === undefined || positionals.length > 1 || values.out === undefined) {
    throw new ConfigError(USAGE);
  }
  const out = await openOutputFolder(userPath(values.out));
  const dataDir = await mkdtemp(join(tmpdir(), 'spillway-encode-'));
  const tidy = () => Promise.all([out.discard(), rm(dataDir, { recursive: true, force: true })]);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void tidy().finally(() => process.exit(130)));
  }
  try {
    const report = await encode(source, out, dataDir);
    if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return report.status === 'completed' ? 0 : 1;
  } finally {
    await tidy();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof ConfigError ? error.message : `encode failed: ${(error as Error).stack}`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
