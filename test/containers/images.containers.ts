// Each image as a careful operator runs it: a user, nothing writable but /tmp and /data, no capabilities.
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { services } from '../../images/bundle.ts';
import { docker, dockerAloud, pulledBytes } from '../../images/docker.ts';
import { ROOT } from './support/compose.ts';
import { type StartedPostgres, startPostgres } from './support/postgres.ts';

const network = `i-images-${process.pid}`;
const container = (service: string): string => `${network}-${service}`;
const image = (service: string): string => `spillway/${service}:test`;
const KEY = 'key-for-tests-key-for-tests-key-for-tests';

/** The broker last: the others speak to it when they stop. */
const STARTED = ['order-api', 'notifier', 'video-encoder', 'autoscaler', 'broker'];

const started: string[] = [];
let postgres: StartedPostgres;
let settings: Record<string, string>;

const careful = [
  ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
  ...['--user', '1000:1000', '--tmpfs', '/tmp', '--tmpfs', '/data:uid=1000'],
  ...['--network', network, '--add-host', 'host.docker.internal:host-gateway'],
];
const environment = () =>
  Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

/** In the background, until it says of itself that it is healthy. */
async function run(service: string): Promise<void> {
  const name = container(service);
  started.push(name);
  const alias = ['--name', name, '--network-alias', service];
  await docker('run', '--detach', ...alias, ...careful, ...environment(), image(service));
  for (;;) {
    const state = await docker(
      'inspect',
      '--format',
      '{{.State.Status}} {{.State.Health.Status}}',
      name,
    );
    if (state === 'running healthy') return;
    if (state !== 'running starting') throw new Error(`${state}: ${await docker('logs', name)}`);
    await wait(200);
  }
}

/** Its exit code: 137 of one that had to be killed. */
async function stop(service: string): Promise<string> {
  await docker('stop', '--time', '40', container(service));
  return docker('inspect', '--format', '{{.State.ExitCode}}', container(service));
}

/** By busybox in the image: what its own network answers. */
const ask = (from: string, url: string, ...options: string[]): Promise<string> =>
  docker('exec', container(from), 'wget', '-q', '-O', '-', ...options, url);

beforeAll(async () => {
  for (const service of Object.keys(services)) {
    await dockerAloud(
      'build',
      '--quiet',
      '--file',
      `${ROOT}/services/${service}/Dockerfile`,
      '--tag',
      image(service),
      ROOT,
    );
  }
  postgres = await startPostgres();
  const { username, password, port, pathname } = new URL(postgres.url);
  settings = {
    BROKER_URL: 'sqs:',
    AWS_ENDPOINT_URL_SQS: 'http://broker:9324',
    AWS_ENDPOINT_URL_SNS: 'http://broker:9324',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    DATABASE_URL: `postgres://${username}:${password}@host.docker.internal:${port}${pathname}`,
    STORAGE_URL: 'file:///data',
    SPILLWAY_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    SPILLWAY_ADMIN_KEY: KEY,
    SPILLWAY_API_URL: 'http://order-api:8080',
    SPILLWAY_API_KEY: KEY,
    // There is none in its container: it is alive, and says so.
    SPILLWAY_SCALING_TARGET: 'docker',
    SPILLWAY_DOCKER_TEMPLATE: 'any',
  };
  await docker('network', 'create', network);
}, 1_800_000);

afterAll(async () => {
  for (const name of started) await docker('rm', '--force', '--volumes', name);
  await docker('network', 'rm', network);
  await postgres?.remove();
});

test('what a program of each image takes is a user, no capability, and no place to write but /tmp and /data', async () => {
  await run('broker');
  const migrated = container('migrate');
  started.push(migrated);
  await docker(
    'run',
    '--name',
    migrated,
    ...careful,
    ...environment(),
    image('order-api'),
    'migrate.mjs',
  );
  for (const service of ['order-api', 'notifier', 'video-encoder', 'autoscaler'])
    await run(service);
  const script =
    'id -u; grep CapEff /proc/1/status; touch /app/x 2>&1; touch /tmp/x /data/x && echo written';
  for (const service of STARTED) {
    const said = await docker('exec', container(service), 'sh', '-c', script);
    expect(said.split('\n')).toEqual([
      '1000',
      expect.stringMatching(/^CapEff:\s+0{16}$/),
      expect.stringContaining('Read-only file system'),
      'written',
    ]);
  }
}, 240_000);

test('order-api has its presets, its page and the player in its image', async () => {
  const header = ['--header', `authorization: Bearer ${KEY}`];
  expect(await ask('order-api', 'http://127.0.0.1:8080/v1/presets', ...header)).toContain(
    '"mobile"',
  );
  for (const asset of ['play.js', 'play.css', 'hls.min.js', 'hls.worker.js']) {
    expect(await ask('order-api', `http://127.0.0.1:8080/play/assets/${asset}`)).not.toBe('');
  }
});

test('the encoder has the ffmpeg that was built for it', async () => {
  for (const program of ['ffmpeg', 'ffprobe']) {
    const said = await docker('exec', container('video-encoder'), program, '-version');
    expect(said).toMatch(new RegExp(`^${program} version \\S+\\+spillway-x264-`));
  }
});

test('SIGTERM ends each of them, in time and with 0', async () => {
  for (const service of STARTED) {
    expect(`${service}: ${await stop(service)}`).toBe(`${service}: 0`);
  }
}, 240_000);

describe.each(Object.keys(services))('%s', (service) => {
  test('is small to pull: 80 MB, the encoder 150', async () => {
    const limit = service === 'video-encoder' ? 150e6 : 80e6;
    expect(await pulledBytes(image(service))).toBeLessThan(limit);
  });

  test('says what it is and what is in it', async () => {
    const labels = JSON.parse(
      await docker('inspect', '--format', '{{json .Config.Labels}}', image(service)),
    );
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': `Spillway ${service}`,
      'org.opencontainers.image.licenses': expect.stringContaining('Apache-2.0'),
    });
    const read = ['run', '--rm', '--entrypoint', 'cat', image(service)];
    const sbom = JSON.parse(await docker(...read, labels['org.spillway.sbom']));
    const names = sbom.components.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['node', 'libc6', 'busybox', 'zod']));
    expect(names.includes('x264')).toBe(service === 'video-encoder');
  });
});
