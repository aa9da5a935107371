import { ECSClient } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger, type Logger } from '@spillway/runtime';
import { FakeEcs } from '../../testing/fake-ecs.ts';
import { testTarget } from '../../testing/target-suite.ts';
import type { EcsConfig } from './config.ts';
import { EcsTarget } from './target.ts';

const log = createLogger('test', 'silent');

const config: EcsConfig = {
  cluster: 'films',
  taskDefinition: 'video-encoder',
  subnets: ['subnet-1', 'subnet-2'],
  securityGroups: ['sg-1'],
  assignPublicIp: false,
  capacity: [{ name: 'FARGATE', weight: 1 }],
  startedBy: 'spillway',
};

const open = (endpoint: string, change: Partial<EcsConfig> = {}, listener: Logger = log) =>
  new EcsTarget({
    config: { ...config, ...change },
    client: new ECSClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    }),
    log: listener,
  });

testTarget('ECS', async () => {
  const ecs = new FakeEcs();
  const endpoint = await ecs.listen();
  const target = open(endpoint);
  const others: EcsTarget[] = [];
  const opened = (change?: Partial<EcsConfig>) => {
    const other = open(endpoint, change);
    others.push(other);
    return other;
  };
  return {
    target,
    restarted: async () => opened(),
    stranger: async () => opened({ startedBy: 'another' }),
    loseNextAnswer: () => void ecs.lostAnswers++,
    limitTo: (workers) => {
      ecs.room = workers;
    },
    becomeReady: async (id) => ecs.change(id, { lastStatus: 'RUNNING' }),
    leave: async (id) =>
      ecs.change(id, {
        lastStatus: 'STOPPED',
        desiredStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        containers: [{ exitCode: 0 }],
      }),
    fail: async (id) =>
      ecs.change(id, {
        lastStatus: 'STOPPED',
        desiredStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        containers: [{ exitCode: 1 }],
      }),
    async close() {
      for (const each of [target, ...others]) await each.close();
      await ecs.close();
    },
  };
});

let ecs: FakeEcs;
let endpoint: string;
beforeEach(async () => {
  ecs = new FakeEcs();
  endpoint = await ecs.listen();
});
afterEach(() => ecs.close());

const TOKEN = 'aaaaaaaaaaaaaaaa';

test('a task is asked for with everything that ECS needs to place it and we to find it', async () => {
  const spotted = [
    { name: 'FARGATE_SPOT', weight: 3 },
    { name: 'FARGATE', weight: 1 },
  ];
  const target = open(endpoint, { capacity: spotted, assignPublicIp: true });
  await target.launch(11, TOKEN);
  await target.close();
  expect(ecs.requests.map(({ input }) => input.count).toSorted()).toEqual([1, 10]);
  expect(ecs.requests.find(({ input }) => input.count === 1)?.input).toEqual({
    cluster: 'films',
    taskDefinition: 'video-encoder',
    count: 1,
    clientToken: `${TOKEN}-1`,
    startedBy: 'spillway',
    capacityProviderStrategy: [
      { capacityProvider: 'FARGATE_SPOT', weight: 3 },
      { capacityProvider: 'FARGATE', weight: 1 },
    ],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: ['subnet-1', 'subnet-2'],
        securityGroups: ['sg-1'],
        assignPublicIp: 'ENABLED',
      },
    },
    propagateTags: 'TASK_DEFINITION',
    enableECSManagedTags: true,
    enableExecuteCommand: false,
  });
});

test('what Spot has no room for runs on demand', async () => {
  ecs.full = {
    reason: 'Capacity is unavailable at this time. Please try again later',
    providers: ['FARGATE_SPOT'],
  };
  const capacity = [
    { name: 'FARGATE_SPOT', weight: 3 },
    { name: 'FARGATE', weight: 1 },
  ];
  const target = open(endpoint, { capacity });
  expect(await target.launch(12, TOKEN)).toEqual({ launched: 12, refused: [] });
  // Repeated, because its answer was lost to a process that ended: nothing is launched twice.
  expect(await target.launch(12, TOKEN)).toEqual({ launched: 12, refused: [] });
  expect(await target.list()).toHaveLength(12);
  await target.close();
  const strategies = ecs.requests
    .filter(({ action }) => action === 'RunTask')
    .map(({ input }) => input.capacityProviderStrategy?.map((each) => each.capacityProvider));
  expect(strategies).toContainEqual(['FARGATE']);
});

test.each([
  ['ThrottlingException', 'Rate exceeded', 'throttled'],
  [
    'ClientException',
    "You've reached the limit on the number of vCPUs you can run concurrently",
    'quota',
  ],
  ['AccessDeniedException', 'User is not authorized to perform: ecs:RunTask', 'denied'],
  ['BlockedException', 'Your account is currently blocked', 'account_blocked'],
  ['ClientException', 'TaskDefinition is inactive', 'configuration'],
  ['ClusterNotFoundException', 'Cluster not found.', 'configuration'],
])('%s "%s" is refused as %s', async (type, message, reason) => {
  ecs.runErrors.push({ type, message });
  const target = open(endpoint);
  expect(await target.launch(12, TOKEN)).toEqual({
    launched: ecs.requests[0]?.input.count === 10 ? 2 : 10,
    refused: [{ reason, count: ecs.requests[0]?.input.count }],
  });
  await target.close();
});

test('when ECS fails inside, nobody knows whether tasks run: the launch rejects', async () => {
  ecs.runErrors.push({ type: 'ServerException', message: 'sorry', status: 500 });
  const target = open(endpoint);
  await expect(target.launch(1, TOKEN)).rejects.toThrow('sorry');
  expect(await target.launch(1, TOKEN)).toEqual({ launched: 1, refused: [] });
  await target.close();
});

test('a token that ECS knows from a request for another number launches nothing again', async () => {
  const target = open(endpoint);
  await target.launch(6, TOKEN);
  const refused = [{ reason: 'other', count: 3 }];
  expect(await target.launch(9, TOKEN)).toEqual({ launched: 6, refused });
  expect(await target.list()).toHaveLength(6);
  await target.close();
});

test('tasks that ECS does not list yet are starting; they count once when it does', async () => {
  ecs.isLagging = true;
  const target = open(endpoint);
  await target.launch(3, TOKEN);
  expect((await target.list()).map(({ state }) => state)).toEqual([
    'starting',
    'starting',
    'starting',
  ]);
  ecs.isLagging = false;
  expect(await target.list()).toHaveLength(3);
  await target.close();
});

test('hundreds of tasks are listed page by page', async () => {
  const target = open(endpoint);
  await target.launch(230, TOKEN);
  const restarted = open(endpoint);
  expect(await restarted.list()).toHaveLength(230);
  await target.close();
  await restarted.close();
});

test('a task that Spot takes back is no worker from its notice on, and its end is told', async () => {
  const told: unknown[] = [];
  const listening = { ...log, warn: (details: unknown) => void told.push(details) } as typeof log;
  const target = open(endpoint, {}, listening);
  await target.launch(1, TOKEN);
  const [worker] = await target.list();
  ecs.change(worker?.id ?? '', { desiredStatus: 'STOPPED', lastStatus: 'RUNNING' });
  expect(await target.list()).toEqual([]);
  expect(told).toEqual([]);
  const why = {
    stopCode: 'SpotInterruption',
    stoppedReason: 'Your Spot Task was interrupted.',
  } as const;
  ecs.change(worker?.id ?? '', { lastStatus: 'STOPPED', containers: [{ exitCode: 137 }], ...why });
  // Nothing was wrong with it: the next one may be launched at once.
  expect(await target.list()).toEqual([]);
  await target.list();
  await target.close();
  expect(told).toEqual([{ task: worker?.id, exitCode: 137, ...why }]);
});

test.each([
  ['CannotPullContainerError: pull image manifest has been retried 7 times', 1],
  ['Capacity is unavailable at this time. Please try again later', 0],
])('a task that does not start, "%s", is %d failed worker', async (stoppedReason, failed) => {
  const target = open(endpoint);
  await target.launch(1, TOKEN);
  const [worker] = await target.list();
  const stopCode = 'TaskFailedToStart';
  ecs.change(worker?.id ?? '', {
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stopCode,
    stoppedReason,
  });
  expect(await target.list()).toHaveLength(failed);
  await target.close();
});
