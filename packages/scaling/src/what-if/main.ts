// npm run what-if -- --orders 1000 --minutes 5 --video-seconds 60 --height 1080: what a flood would cost, and how long it would take.
import { parseArgs } from 'node:util';
import { platforms } from '../simulation/platforms.ts';
import { ourPrices, readPrices } from './prices.ts';
import { report } from './report.ts';
import { whatIf } from './what-if.ts';

const names = platforms.map(({ name }) => name).join(', ');
const usage = `npm run what-if -- [options]

  --orders 1000            orders that come
  --minutes 5              within so many minutes
  --video-seconds 60       length of each video
  --height 1080            lines of its picture (16:9)
  --frames-per-second 30
  --platform fargate       one of ${names}
  --max-workers 100        at most so many workers
  --cores 4                of one worker, with 2 GiB of memory each
  --wait-target-seconds 120
  --order-core-seconds N   work of one order, where you measured it (cpuSeconds of its jobs)
  --prices FILE            your prices, in the form of packages/scaling/src/what-if/prices.json
`;

class UsageError extends Error {}

function options(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string', default: '1000' },
      minutes: { type: 'string', default: '5' },
      'video-seconds': { type: 'string', default: '60' },
      height: { type: 'string', default: '1080' },
      'frames-per-second': { type: 'string', default: '30' },
      platform: { type: 'string', default: 'fargate' },
      'max-workers': { type: 'string', default: '100' },
      cores: { type: 'string', default: '4' },
      'wait-target-seconds': { type: 'string', default: '120' },
      'order-core-seconds': { type: 'string' },
      prices: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

type Options = ReturnType<typeof options>;

function positive(values: Options, name: Exclude<keyof Options, 'help'>): number {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`--${name} wants a number over 0, not ${values[name]}`);
}

function whole(values: Options, name: Exclude<keyof Options, 'help'>): number {
  const value = positive(values, name);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`--${name} wants a whole number, not ${value}`);
}

async function main(args: readonly string[]): Promise<string> {
  const values = options(args);
  if (values.help) return usage;
  const platform = platforms.find(({ name }) => name === values.platform);
  if (!platform) throw new UsageError(`--platform is one of ${names}, not ${values.platform}`);
  const question = {
    orders: whole(values, 'orders'),
    minutes: positive(values, 'minutes'),
    videoSeconds: positive(values, 'video-seconds'),
    height: whole(values, 'height'),
    framesPerSecond: whole(values, 'frames-per-second'),
    platform,
    maxWorkers: whole(values, 'max-workers'),
    cores: whole(values, 'cores'),
    waitTargetSeconds: positive(values, 'wait-target-seconds'),
    orderSeconds: values['order-core-seconds'] ? positive(values, 'order-core-seconds') : null,
  };
  const prices = await readPrices(values.prices ?? ourPrices);
  return report(question, whatIf(question), prices);
}

try {
  process.stdout.write(await main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n\n${error instanceof UsageError ? usage : ''}`);
  process.exitCode = 2;
}
