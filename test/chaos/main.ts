// npm run chaos -- [--orders 200] [--minutes 5] [--profile sqs|amqp] [--seed N] [--port 18480] [--keep]
// The compose stack under a storm: customers order while its containers are killed, stopped and cut off. When all
// is healed and over, everything that was promised is looked for. Ends with 1 when a promise was broken.
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { answered } from '@spillway/client';
import { makeClip } from '@spillway/media/testing';
import { printTable } from '../../cli/command.ts';
import { Random } from '../../simulation/src/random.ts';
import { readAftermath } from './aftermath.ts';
import { Customer } from './customer.ts';
import { judge } from './judge.ts';
import { type OrderKind, planFaults, planOrders } from './plan.ts';
import { startReceiver } from './receiver.ts';
import { type Profile, Stack } from './stack.ts';
import { storm } from './storm.ts';
import { tableOf } from './table.ts';

const USAGE =
  'usage: npm run chaos -- [--orders N] [--minutes N] [--profile sqs|amqp] [--seed N] [--port N] [--keep]';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

function readArguments() {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '200' },
      minutes: { type: 'string', default: '5' },
      profile: { type: 'string', default: 'sqs' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      port: { type: 'string', default: '18480' },
      keep: { type: 'boolean', default: false },
    },
  });
  const numbers = {
    orders: Number(values.orders),
    minutes: Number(values.minutes),
    seed: Number(values.seed),
    port: Number(values.port),
  };
  const { profile, keep } = values;
  const isProfile = (name: string): name is Profile => name === 'sqs' || name === 'amqp';
  if (!isProfile(profile) || !Object.values(numbers).every((given) => given > 0)) {
    throw new RangeError(USAGE);
  }
  return { ...numbers, profile, keep };
}

/** What is sent, by what is to become of it. */
async function makeFiles(folder: string): Promise<Record<OrderKind, Blob>> {
  const short = await openAsBlob(await makeClip({ folder }));
  const size = { width: 1280, height: 720 };
  const long = await makeClip({ folder, seconds: 24, ...size, name: 'long.mp4' });
  const diary = join(folder, 'diary.mp4');
  await writeFile(diary, 'Dear diary, this is no video.');
  return { short, canceled: short, long: await openAsBlob(long), broken: await openAsBlob(diary) };
}

const { orders, minutes, seed, port, profile, keep } = readArguments();
log(`seed ${seed}: ${orders} orders in ${minutes} minutes, profile ${profile}`);
const folder = await mkdtemp(join(tmpdir(), 'spillway-chaos-'));
const stack = new Stack(profile, port);
try {
  const receiver = await startReceiver(new Random(seed + 1));
  const files = await makeFiles(folder);
  await stack.up();
  const customer = new Customer({ url: stack.url, files, webhookUrl: receiver.url });
  receiver.secret = (await answered(customer.client.api.GET('/v1/webhook-secret'))).secret;
  const faults = planFaults(new Random(seed), minutes);
  const planned = planOrders(new Random(seed + 2), orders, minutes);
  const [placed, hits] = await Promise.all([
    Promise.all(planned.map((order) => customer.place(order))),
    storm(stack, faults, log),
  ]);
  log('all is healed');
  const facts = await readAftermath({ stack, customer, receiver, placed, log });
  const breaches = judge(facts);
  printTable(tableOf({ faults: hits, facts, breaches, refused: receiver.refused }));
  for (const { rule, what } of breaches) log(`${rule}: ${what}`);
  process.exitCode = breaches.length > 0 ? 1 : 0;
  receiver.close();
} finally {
  await rm(folder, { recursive: true, force: true });
  if (!keep) await stack.down();
}
