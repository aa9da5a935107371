import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { Registry } from 'prom-client';
import { FakeCluster } from '../../testing/fake-cluster.ts';
import { testTarget } from '../../testing/target-suite.ts';
import { KubernetesTarget } from './target.ts';

const TOKEN = 'abcdefghijklmnop';
const log = createLogger('test', 'silent');

const jobTemplate = {
  metadata: { labels: { 'app.kubernetes.io/name': 'video-encoder' } },
  spec: {
    backoffLimit: 0,
    template: {
      metadata: { labels: { 'app.kubernetes.io/name': 'video-encoder' } },
      spec: { containers: [{ name: 'video-encoder', image: 'spillway/video-encoder:dev' }] },
    },
  },
};

async function openCluster() {
  const cluster = new FakeCluster();
  cluster.templates.set('video-encoder', jobTemplate).set('other', jobTemplate);
  const url = await cluster.start();
  const open = (template: string, registry = new Registry(), now = Date.now) =>
    new KubernetesTarget({
      access: { url, namespace: 'spillway', authority: null, token: async () => cluster.token },
      template,
      log,
      registry,
      now,
    });
  return { cluster, open };
}

testTarget('Kubernetes, a fake of its API', async () => {
  const { cluster, open } = await openCluster();
  const targets: KubernetesTarget[] = [];
  const opened = (template: string) => {
    const target = open(template);
    targets.push(target);
    return target;
  };
  return {
    target: opened('video-encoder'),
    restarted: async () => opened('video-encoder'),
    stranger: async () => opened('other'),
    loseNextAnswer: () => void cluster.planted.push(0),
    limitTo: (workers) => {
      cluster.jobLimit = workers;
    },
    becomeReady: async (id) => cluster.setStatus(id, { active: 1, ready: 1 }),
    leave: async (id) =>
      cluster.setStatus(id, {
        active: 0,
        ready: 0,
        succeeded: 1,
        conditions: [{ type: 'Complete', status: 'True' }],
      }),
    fail: async (id) =>
      cluster.setStatus(id, { active: 0, conditions: [{ type: 'Failed', status: 'True' }] }),
    close: async () => {
      await Promise.all(targets.map((target) => target.close().catch(() => {})));
      await cluster.close();
    },
  };
});

let cluster: FakeCluster;
let target: KubernetesTarget;
let registry: Registry;
let clock: number;

beforeEach(async () => {
  registry = new Registry();
  clock = Date.now();
  const opened = await openCluster();
  cluster = opened.cluster;
  target = opened.open('video-encoder', registry, () => clock);
});

afterEach(async () => {
  await target.close();
  await cluster.close();
});

const heldUp = async (): Promise<Record<string, number>> => {
  const metric = await registry.getSingleMetric('spillway_autoscaler_workers_held_up')?.get();
  return Object.fromEntries(
    (metric?.values ?? [])
      .filter(({ value }) => value > 0)
      .map(({ labels, value }) => [labels.cause, value]),
  );
};

test('a Job is what the template says, and tells whose it is', async () => {
  await target.launch(1, TOKEN);
  const [job] = cluster.jobs.values();
  expect(job?.metadata).toMatchObject({
    name: `video-encoder-${TOKEN}-0`,
    labels: { 'app.kubernetes.io/name': 'video-encoder', 'spillway-template': 'video-encoder' },
  });
  expect(job?.spec).toEqual({
    ...jobTemplate.spec,
    template: {
      ...jobTemplate.spec.template,
      metadata: {
        labels: { 'app.kubernetes.io/name': 'video-encoder', 'spillway-template': 'video-encoder' },
      },
    },
  });
});

test('nobody asks for hundreds of Jobs that the API refuses', async () => {
  cluster.planted.push(...Array(100).fill(403));
  expect(await target.launch(100, TOKEN)).toEqual({
    launched: 0,
    refused: [{ reason: 'forbidden', count: 100 }],
  });
  expect(cluster.asked.filter((asked) => asked.startsWith('POST')).length).toBeLessThan(20);
});

test('a worker that was ready and does not answer any more is leaving, not starting', async () => {
  await target.launch(1, TOKEN);
  cluster.setStatus(`video-encoder-${TOKEN}-0`, { active: 1, ready: 1 });
  await target.list();
  cluster.setStatus(`video-encoder-${TOKEN}-0`, { active: 1, ready: 0 });
  clock += 30_000;
  expect(await target.list()).toMatchObject([{ state: 'ready' }]);
});

test('a token that was replaced is used at the next request', async () => {
  expect(await target.list()).toEqual([]);
  cluster.token = 'second';
  expect(await target.list()).toEqual([]);
});

test('where a quota is used up, nobody asks for each of the others', async () => {
  cluster.jobLimit = 0;
  expect(await target.launch(100, TOKEN)).toEqual({
    launched: 0,
    refused: [{ reason: 'quota', count: 100 }],
  });
  expect(cluster.asked.filter((asked) => asked.startsWith('POST')).length).toBeLessThan(20);
});

test.each([
  [403, 'forbidden'],
  [422, 'invalid_template'],
  [429, 'throttled'],
])('a Job that the API answers with %d is refused: %s', async (status, reason) => {
  cluster.planted.push(status);
  expect(await target.launch(3, TOKEN)).toEqual({ launched: 2, refused: [{ reason, count: 1 }] });
});

test('after a fault of the API it is not known what became of a launch, and it can be repeated', async () => {
  cluster.planted.push(500);
  await expect(target.launch(3, TOKEN)).rejects.toThrow('500');
  expect(await target.launch(3, TOKEN)).toEqual({ launched: 3, refused: [] });
  expect(cluster.jobs.size).toBe(3);
});

test('without the template nothing is launched, and the error names it', async () => {
  cluster.templates.clear();
  await expect(target.launch(1, TOKEN)).rejects.toThrow('batch/v1/cronjobs/video-encoder: 404');
});

test('a metric tells what holds workers up, once they should have started', async () => {
  await target.launch(4, TOKEN);
  const job = (index: number) => `video-encoder-${TOKEN}-${index}`;
  const pod = (index: number, status: object) => ({
    metadata: { labels: { 'batch.kubernetes.io/job-name': job(index) } },
    status,
  });
  for (const index of [0, 1, 2]) cluster.setStatus(job(index), { active: 1 });
  cluster.pods = [
    pod(0, {
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node' },
      ],
    }),
    pod(1, { containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }] }),
    pod(2, { containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] }),
  ];
  cluster.events = [
    {
      involvedObject: { name: job(3) },
      message: 'Error creating: pods "x" is forbidden: exceeded quota: cpus',
    },
  ];
  await target.list();
  expect(await heldUp()).toEqual({});
  clock += 30_000;
  expect(await target.list()).toHaveLength(4);
  expect(await heldUp()).toEqual({ unschedulable: 1, image: 1, quota: 1 });
  for (const index of [0, 1, 2, 3]) cluster.setStatus(job(index), { active: 1, ready: 1 });
  await target.list();
  expect(await heldUp()).toEqual({});
});
