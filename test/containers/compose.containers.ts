// docker-compose.yml with real images, in both profiles, followed as the README says.
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ffmpegForTest, makeClip } from '@spillway/media/testing';
import { Webhook } from 'standardwebhooks';
import { blocksOf } from '../support/page.ts';
import { openShell } from '../support/terminal.ts';
import { receiveWebhooks } from '../support/webhook-receiver.ts';
import { type ComposeStack, composeStack, ROOT } from './support/compose.ts';
import { expressionsOf } from './support/expressions.ts';

const MINUTE = 60_000;
const README = new URL('../../README.md', import.meta.url);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-compose-'));
  await (await composeStack('build')).build();
}, 15 * MINUTE);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The README's commands: what starts it, and what orders. */
async function readmeBlocks(profile: string): Promise<{ start: string; order: string }> {
  const blocks = (await blocksOf(README)).filter(({ heading }) => heading === 'As services');
  const [start, startOnAmqp, order] = blocks.map(({ code }) => code);
  if (!start || !startOnAmqp || !order) throw new Error('the README has no longer three blocks');
  return { start: profile === 'amqp' ? startOnAmqp : start, order };
}

describe.each(['sqs', 'amqp'])('docker compose, profile %s', (profile) => {
  let stack: ComposeStack;

  beforeAll(async () => {
    stack = await composeStack(profile);
    const shell = openShell(ROOT, stack.env);
    await shell.run((await readmeBlocks(profile)).start);
    shell.close();
  }, 3 * MINUTE);

  afterAll(() => stack.down(), 2 * MINUTE);

  async function orderOf(path: string, webhook?: { url: string }): Promise<string> {
    const uploadId = await stack.client.upload(await openAsBlob(path));
    const source = { uploadId };
    const { id } = await stack.client.placeOrder(webhook ? { source, webhook } : { source });
    return id;
  }

  test('every container is healthy, has no rights and bounds, and cannot write to its image', async () => {
    const listed = await stack.docker('compose', '--profile', '*', 'ps', '--quiet');
    const containers = JSON.parse(
      await stack.docker('inspect', ...listed.trim().split('\n')),
    ) as Container[];
    expect(containers).toHaveLength(6);
    for (const { Name, State, HostConfig } of containers) {
      expect({ Name, health: State.Health?.Status }).toEqual({ Name, health: 'healthy' });
      expect({ Name, ...HostConfig }).toMatchObject({
        CapDrop: ['ALL'],
        // RabbitMQ's image writes its settings at the start.
        ReadonlyRootfs: !Name.includes('rabbitmq'),
        SecurityOpt: ['no-new-privileges:true'],
      });
      expect(HostConfig.Memory).toBeGreaterThan(0);
      expect(HostConfig.PidsLimit).toBeGreaterThan(0);
    }
  });

  test('the README’s curl lines make a stream that ffmpeg plays without a word', async () => {
    await makeClip({ seconds: 4, width: 640, height: 360, name: 'holiday.mp4', folder });
    const shell = openShell(folder, stack.env);
    const { order } = await readmeBlocks(profile);
    const printed = await shell.run(order.replace('http://127.0.0.1:8080', stack.url));
    shell.close();
    expect(printed).toContain('event: order.completed');
    const hlsUrl = printed.trim().split('\n').at(-1) ?? '';
    expect(hlsUrl).toMatch(/^http:.*master\.m3u8$/);
    expect(await ffmpegForTest(['-v', 'warning', '-i', hlsUrl, '-f', 'null', '-'])).toBe('');
  });

  test('a webhook reaches this machine, and verifies', async () => {
    const receiver = await receiveWebhooks('containers');
    const id = await orderOf(await makeClip({ folder }), { url: receiver.url });
    await receiver.count(1);
    receiver.close();
    const [first] = receiver.received;
    const { data } = await stack.client.api.GET('/v1/webhook-secret');
    const told = new Webhook(data?.secret ?? '').verify(first?.body ?? '', first?.headers ?? {});
    expect(told).toMatchObject({ type: 'order.completed', data: { id } });
  });

  test(
    'an order completes though its encoder is killed in the middle',
    async () => {
      const size = { width: 640, height: 360 };
      const id = await orderOf(await makeClip({ seconds: 15, ...size, name: 'long.mp4', folder }));
      const encoder = await stack.encoderAt(id);
      await stack.docker('kill', encoder);
      const order = await stack.client.followOrder(id);
      await stack.docker('start', encoder);
      expect(order.status).toBe('completed');
      const done = (await stack.attemptsAt(id)).find(({ status }) => status === 'succeeded');
      expect(done).toBeDefined();
      // A worker's name begins with its host's, which is its container's.
      expect(done?.worker.split('/')[0]).not.toBe(encoder);
    },
    5 * MINUTE,
  );

  test('a file that is no video fails its order, which says why', async () => {
    const text = join(folder, 'diary.mp4');
    await writeFile(text, 'Dear diary, this is no video.');
    const { status, error } = await stack.client.followOrder(await orderOf(text));
    expect({ status, code: error?.code }).toEqual({ status: 'failed', code: 'source_not_media' });
    expect(error?.message).toMatch(/^[A-Z].*\.$/);
  });

  test('Prometheus sees every service, and has every metric that alerts and dashboard name', async () => {
    await stack.docker('compose', 'up', '--detach', '--wait', 'prometheus', 'disks');
    const ours = ['disks', 'notifier', 'order-api', 'video-encoder', 'video-encoder'];
    const jobs = [...ours, profile === 'amqp' ? 'rabbitmq' : 'broker'].sort();
    expect(await stack.scraped(jobs.length)).toEqual(jobs);
    const known = (await stack.prometheus('label/__name__/values')) as string[];
    const expressions = await expressionsOf(ROOT);
    const named = expressions.flatMap(
      (text) => text.match(/\b(spillway|node|process)\w*_\w+/g) ?? [],
    );
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    for (const expression of expressions) {
      await stack.prometheus(`query?query=${encodeURIComponent(expression)}`);
    }
  });

  test(
    'down takes everything along',
    async () => {
      expect(await stack.leftOver()).not.toEqual([]);
      await stack.down();
      expect(await stack.leftOver()).toEqual([]);
    },
    2 * MINUTE,
  );
});

/** What `docker inspect` tells. */
interface Container {
  readonly Name: string;
  readonly State: { readonly Health?: { readonly Status: string } };
  readonly HostConfig: {
    readonly CapDrop: readonly string[];
    readonly ReadonlyRootfs: boolean;
    readonly SecurityOpt: readonly string[];
    readonly Memory: number;
    readonly PidsLimit: number;
  };
}
