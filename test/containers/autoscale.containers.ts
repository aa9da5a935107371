// Encoders that come and go, on a real engine: the contract of a target, and docker-compose.yml with --profile autoscale.
import { execFile } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeClip } from '@spillway/media/testing';
import { createLogger } from '@spillway/runtime';
import { DockerTarget } from '../../services/autoscaler/src/adapters/docker/index.ts';
import { testTarget } from '../../services/autoscaler/src/testing/target-suite.ts';
import { type ComposeStack, composeStack } from './support/compose.ts';

const MINUTE = 60_000;
const SOCKET = '/var/run/docker.sock';
const execute = promisify(execFile);

async function docker(...args: string[]): Promise<string> {
  return (await execute('docker', args)).stdout.trim();
}

/** Waits until the condition holds; fails by the test's own time-out. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(200);
}

testTarget('docker, on a real engine', async () => {
  const log = createLogger('test', 'silent');
  const names = ['one', 'other'].map((name) => `spillway-test-${name}-${process.pid}`);
  const [own = '', other = ''] = names;
  for (const name of names) {
    await docker(
      ...['create', '--name', name, '--network', 'none', '--memory', '64m', '--init'],
      ...['--health-cmd', 'test -e /ready', '--health-interval', '1s'],
      // Ends with 0, as a worker does.
      ...['debian:trixie-slim', 'sh', '-c', 'trap "exit 0" TERM; sleep 600 & wait'],
    );
  }
  const targets: DockerTarget[] = [];
  const open = (template: string) => {
    const target = new DockerTarget({ socketPath: SOCKET, template }, log);
    targets.push(target);
    return target;
  };
  return {
    target: open(own),
    restarted: async () => open(own),
    stranger: async () => open(other),
    loseNextAnswer: null,
    limitTo: null,
    async becomeReady(id) {
      await docker('exec', id, 'touch', '/ready');
      await until(async () => {
        const health = await docker('inspect', '--format', '{{.State.Health.Status}}', id);
        return health === 'healthy';
      });
    },
    leave: async (id) => void (await docker('stop', '--time', '5', id)),
    fail: async (id) => void (await docker('kill', id)),
    async close() {
      await Promise.all(targets.map((target) => target.close()));
      const lists = await Promise.all(
        names.map((name) => docker('ps', '--all', '--quiet', '--filter', `name=^${name}`)),
      );
      await docker('rm', '--force', ...lists.flatMap((list) => list.split('\n').filter(Boolean)));
    },
  };
});

describe('docker compose --profile autoscale', () => {
  let stack: ComposeStack;
  let folder: string;
  let clip: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-autoscale-'));
    clip = await makeClip({ folder });
    stack = await composeStack('autoscale');
    await stack.build();
    await stack.docker('compose', '--profile', 'autoscale', 'up', '--detach');
  }, 15 * MINUTE);

  afterAll(async () => {
    await stack.down();
    await rm(folder, { recursive: true, force: true });
  }, 2 * MINUTE);

  const workers = async (...more: string[]): Promise<string[]> => {
    const filter = ['--filter', `name=^${stack.env.COMPOSE_PROJECT_NAME}-worker`];
    const names = await stack.docker('ps', '--format', '{{.Names}}', ...filter, ...more);
    return names.split('\n').filter(Boolean);
  };

  async function place(): Promise<string> {
    const uploadId = await stack.client.upload(await openAsBlob(clip));
    return (await stack.client.placeOrder({ source: { uploadId } })).id;
  }

  test(
    'without work there is no encoder; orders bring some, no job is done twice, and they leave again',
    async () => {
      await until(async () => (await workers()).length === 0);
      const orders = await Promise.all([place(), place(), place(), place()]);
      const ended = await Promise.all(orders.map((id) => stack.client.followOrder(id)));
      expect(ended.map(({ status }) => status)).toEqual(Array(4).fill('completed'));
      for (const id of orders) expect(await stack.attemptsAt(id)).toHaveLength(1);
      expect((await workers()).length).toBeGreaterThan(0);
      await until(async () => (await workers()).length === 0);
      // Only the pattern is left of them, and none of them failed.
      await until(async () => (await workers('--all')).length === 1);
    },
    5 * MINUTE,
  );

  test(
    '`docker compose down` takes encoders along that are at work',
    async () => {
      await place();
      await until(async () => (await workers()).length > 0);
      await stack.down();
      expect(await stack.leftOver()).toEqual([]);
    },
    3 * MINUTE,
  );
});
