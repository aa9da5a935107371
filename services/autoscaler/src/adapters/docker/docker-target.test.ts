import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { FakeEngine } from '../../testing/fake-engine.ts';
import { testTarget } from '../../testing/target-suite.ts';
import { DockerTarget } from './index.ts';

const log = createLogger('test', 'silent');
const TEMPLATE = 'project-worker';
const template = {
  Hostname: 'a1b2c3',
  Image: 'spillway/video-encoder:dev',
  Env: ['BROKER_URL=sqs:'],
  Labels: {
    'com.docker.compose.project': 'project',
    'com.docker.compose.oneoff': 'False',
  },
  HostConfig: {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    Memory: 4_294_967_296,
    RestartPolicy: { Name: 'unless-stopped' },
    PortBindings: { '9091/tcp': [{ HostPort: '9091' }] },
  },
};

testTarget('docker', async () => {
  const engine = new FakeEngine();
  await engine.open();
  engine.add(TEMPLATE, template);
  engine.add('other-worker', template);
  const targets: DockerTarget[] = [];
  const open = (name: string) => {
    const target = new DockerTarget({ socketPath: engine.socketPath, template: name }, log);
    targets.push(target);
    return target;
  };
  return {
    target: open(TEMPLATE),
    restarted: async () => open(TEMPLATE),
    stranger: async () => open('other-worker'),
    loseNextAnswer() {
      engine.losesNextStart = true;
    },
    limitTo(workers) {
      engine.most = workers;
    },
    async becomeReady(id) {
      const container = engine.find(id);
      if (container) container.Status = 'Up 6 seconds (healthy)';
    },
    async leave(id) {
      const container = engine.find(id);
      if (container)
        Object.assign(container, { State: 'exited', Status: 'Exited (0) 1 second ago' });
    },
    async fail(id) {
      const container = engine.find(id);
      if (container)
        Object.assign(container, { State: 'exited', Status: 'Exited (1) 1 second ago' });
    },
    async close() {
      await Promise.all(targets.map((target) => target.close()));
      await engine.close();
    },
  };
});

let engine: FakeEngine;
let target: DockerTarget;
beforeEach(async () => {
  engine = new FakeEngine();
  await engine.open();
  engine.add(TEMPLATE, template);
  target = new DockerTarget({ socketPath: engine.socketPath, template: TEMPLATE }, log);
});
afterEach(async () => {
  await target.close();
  await engine.close();
});

const workers = () => [...engine.containers.values()].filter(({ name }) => name !== TEMPLATE);

test('a worker is made like the template, hardening and limits too, and starts once', async () => {
  await target.launch(1, 'aaaaaaaaaaaaaaaa');
  const [worker] = workers();
  expect(worker?.name).toBe('project-worker-aaaaaaaaaaaaaaaa-0');
  expect(worker?.settings).toEqual({
    Image: template.Image,
    Env: template.Env,
    Labels: {
      'com.docker.compose.project': 'project',
      'com.docker.compose.oneoff': 'False',
      'spillway.worker-of': TEMPLATE,
    },
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      Memory: 4_294_967_296,
      RestartPolicy: { Name: 'no' },
      PortBindings: {},
      AutoRemove: false,
    },
    NetworkingConfig: { EndpointsConfig: { project_default: {} } },
  });
});

test('the template is a worker while it runs, and is never removed', async () => {
  const container = engine.find(TEMPLATE);
  if (container) Object.assign(container, { State: 'running', Status: 'Up 2 minutes' });
  expect(await target.list()).toMatchObject([{ id: container?.Id.slice(0, 12), state: 'ready' }]);
  if (container) Object.assign(container, { State: 'exited', Status: 'Exited (0) 1 second ago' });
  expect(await target.list()).toEqual([]);
  expect(engine.find(TEMPLATE)).toBeDefined();
});

test('containers that left are removed; of those that failed the last few stay, for their logs', async () => {
  await target.launch(9, 'aaaaaaaaaaaaaaaa');
  for (const [index, worker] of workers().entries()) {
    const Status = index < 2 ? 'Exited (0) 2 minutes ago' : 'Exited (1) 2 minutes ago';
    Object.assign(worker, { State: 'exited', Status });
  }
  expect((await target.list()).map(({ state }) => state)).toEqual(Array(7).fill('failed'));
  expect(workers().map(({ Status }) => Status)).toEqual(Array(5).fill('Exited (1) 2 minutes ago'));
});

test('an engine that cannot remove what has ended still tells who is there', async () => {
  await target.launch(2, 'aaaaaaaaaaaaaaaa');
  Object.assign(workers()[0] ?? {}, { State: 'exited', Status: 'Exited (0) 2 minutes ago' });
  engine.removesNothing = true;
  expect(await target.list()).toHaveLength(1);
  expect(workers()).toHaveLength(2);
});

test('one that was created and never started is no worker, and is removed', async () => {
  const labels = { 'spillway.worker-of': TEMPLATE };
  engine.add('fresh', { Labels: labels });
  engine.add('stuck', { Labels: labels }, Date.now() - 600_000);
  expect(await target.list()).toHaveLength(1);
  expect(engine.find('stuck')).toBeUndefined();
});

test('without its template nothing is launched, and the error names it', async () => {
  engine.containers.clear();
  await expect(target.launch(1, 'aaaaaaaaaaaaaaaa')).rejects.toThrow(/No such container.*worker/);
});
