// The images of the services as `npm run images` built them: what is pulled of each, and how long it takes from
// `docker run` to ready, beside a container of the same image that starts node and does nothing.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { services } from '../images/bundle.ts';
import { docker, pulledBytes } from '../images/docker.ts';
import type { BenchResult, Measure } from './run.ts';
import { median, round } from './support/statistics.ts';

const ROUNDS = 5;
const network = `i-bench-${process.pid}`;
let tag = 'dev';
const image = (service: string): string => `spillway/${service}:${tag}`;

const settings = {
  BROKER_URL: 'sqs:',
  AWS_ENDPOINT_URL_SQS: 'http://broker:9324',
  AWS_ENDPOINT_URL_SNS: 'http://broker:9324',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  DATABASE_URL: 'postgres://spillway:local-only@postgres/spillway',
  STORAGE_URL: 'file:///data',
  SPILLWAY_SECRET: 'only-for-measuring-only-for-measuring-only',
  SPILLWAY_ADMIN_KEY: 'only-for-measuring-only-for-measuring-only',
  SPILLWAY_API_URL: 'http://order-api:8080',
  SPILLWAY_API_KEY: 'any',
  SPILLWAY_SCALING_TARGET: 'docker',
  SPILLWAY_DOCKER_TEMPLATE: 'any',
};
const careful = [
  '--read-only',
  '--cap-drop',
  'ALL',
  '--tmpfs',
  '/tmp',
  '--tmpfs',
  '/data:uid=1000',
];
const environment = Object.entries(settings).flatMap(([name, value]) => [
  '--env',
  `${name}=${value}`,
]);

/** What a program says when it is ready. */
const READY = /admin port|is ready on/;

/** Seconds from `docker run` to the line that says so; null waits for its end. Leaves a container that runs. */
async function secondsTo(ready: RegExp | null, args: string[]): Promise<number> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const child = spawn('docker', ['run', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) if (ready?.test(line)) return seconds();
  if (ready !== null) throw new Error(`docker run ${args.join(' ')} ended before it was ready`);
  return seconds();
}

async function startOf(service: string): Promise<Measure> {
  const run = [...careful, '--network', network, ...environment];
  const ready: number[] = [];
  const bare: number[] = [];
  const name = `${network}-${service}`;
  for (let each = 0; each < ROUNDS; each++) {
    bare.push(await secondsTo(null, ['--rm', ...run, image(service), '--eval', '0']));
    ready.push(await secondsTo(READY, ['--name', name, ...run, image(service)]));
    await docker('rm', '--force', name);
  }
  return {
    measure: `${service}: docker run to ready`,
    ...{ value: round(median(ready), 2), baseline: round(median(bare), 2), unit: 's' },
    ...{ bar: 'no bar', ok: null },
  };
}

async function sizeOf(service: string): Promise<Measure> {
  const limit = service === 'video-encoder' ? 150 : 80;
  const value = round((await pulledBytes(image(service))) / 1e6, 1);
  const bar = `<= ${limit}`;
  return {
    measure: `${service}: to pull`,
    value,
    unit: 'MB',
    baseline: null,
    bar,
    ok: value <= limit,
  };
}

async function startPartners(): Promise<void> {
  await docker('network', 'create', network);
  const at = (alias: string) => [
    ...['run', '--detach', '--name', `${network}-of-${alias}`],
    ...['--network', network, '--network-alias', alias],
  ];
  await docker(...at('broker'), ...careful, image('broker'));
  const database = [
    'POSTGRES_USER=spillway',
    'POSTGRES_PASSWORD=local-only',
    'POSTGRES_DB=spillway',
  ];
  await docker(...at('postgres'), ...database.flatMap((one) => ['--env', one]), 'postgres:17');
  const isReady = ['exec', `${network}-of-postgres`, 'pg_isready', '-q', '-h', '127.0.0.1'];
  while (
    !(await docker(...isReady).then(
      () => true,
      () => false,
    ))
  )
    await wait(200);
  const migrate = ['--network', network, ...environment, image('order-api'), 'migrate.mjs'];
  await docker('run', '--rm', ...migrate);
}

async function removeAll(): Promise<void> {
  const names = await docker('ps', '--all', '--quiet', '--filter', `name=${network}`);
  for (const id of names.split('\n').filter(Boolean))
    await docker('rm', '--force', '--volumes', id);
  await docker('network', 'rm', network);
}

export default async function images(args: string[]): Promise<BenchResult> {
  ({ tag } = parseArgs({ args, options: { tag: { type: 'string', default: 'dev' } } }).values);
  const measures: Measure[] = [];
  try {
    await startPartners();
    for (const service of Object.keys(services)) measures.push(await startOf(service));
  } finally {
    await removeAll();
  }
  for (const service of Object.keys(services)) measures.push(await sizeOf(service));
  return { name: 'images', measures };
}
