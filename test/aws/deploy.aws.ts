import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTaskDefinitionCommand, ECSClient, StopTaskCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { topology } from '@spillway/contracts';
import { createLogger, type Logger } from '@spillway/runtime';
import { createSqsMessaging } from '../../packages/messaging/src/drivers/sqs/index.ts';
import { readEcsConfig } from '../../services/autoscaler/src/adapters/ecs/config.ts';
import { EcsTarget } from '../../services/autoscaler/src/adapters/ecs/target.ts';
import { binary, type Ended, type Moto, run, startMoto } from './moto.ts';

const root = join(import.meta.dirname, '../..');
const log = createLogger('test', 'silent');

let moto: Moto;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-aws-'));
  moto = await startMoto();
});
afterAll(async () => {
  await moto.close();
  await rm(folder, { recursive: true });
});

/** The default network's, by EC2's query API: one answer of two calls needs no SDK. */
async function found(action: string, id: RegExp): Promise<string[]> {
  const answer = await fetch(`${moto.url}/?Action=${action}&Version=2016-11-15`, {
    headers: {
      host: 'ec2.us-east-1.amazonaws.com',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request',
    },
  });
  return [...new Set((await answer.text()).match(id) ?? [])];
}

async function parameters(change: Record<string, unknown> = {}): Promise<string> {
  const [vpc] = await found('DescribeVpcs', /vpc-[0-9a-f]{8,}/g);
  const subnets = (await found('DescribeSubnets', /subnet-[0-9a-f]{8,}/g)).slice(0, 2);
  const image = 'registry.example/spillway/image@sha256:0';
  const file = join(folder, `${Object.keys(change).join('-')}films.json`);
  const all = {
    Name: 'films',
    VpcId: vpc,
    SubnetIds: subnets,
    LoadBalancerSubnetIds: subnets,
    IngressCidr: '203.0.113.0/24',
    OrderApiImage: image,
    VideoEncoderImage: image,
    NotifierImage: image,
    AutoscalerImage: image,
    ...change,
  };
  await writeFile(file, JSON.stringify(all));
  return file;
}

const ecs = (...args: string[]): Promise<Ended> =>
  run(process.execPath, ['cli/ecs.ts', ...args], moto.environment);

const client = () =>
  new ECSClient({
    endpoint: moto.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

test('cfn-lint finds nothing in the templates, and finds a misspelt property', async () => {
  const settings = ['--config-file', 'ecs/.cfnlintrc'];
  const clean = await run(binary('cfn-lint'), [...settings, 'ecs/base.yaml', 'ecs/services.yaml']);
  expect(clean).toMatchObject({ code: 0, out: '' });
  const misspelt = join(folder, 'misspelt.yaml');
  const text = await readFile(join(root, 'ecs/base.yaml'), 'utf8');
  await writeFile(misspelt, text.replace('VisibilityTimeout:', 'VisibilityTimeOut:'));
  const { code, out } = await run(binary('cfn-lint'), [...settings, misspelt]);
  expect(code).not.toBe(0);
  expect(out).toContain("'VisibilityTimeOut' was unexpected");
});

test('"diff" before the first "up" shows everything and makes nothing', async () => {
  const file = await parameters();
  const { code, out } = await ecs('diff', file);
  expect(code).toBe(0);
  expect(out).toMatch(/^ {2}Add {2}AWS::SQS::Queue +EncodeJobs$/m);
  expect(out).not.toContain('AWS::AmazonMQ');
  expect(out).toContain('films-services: all of it is new');
  expect((await ecs('diff', file)).out).toBe(out);
});

test('"up" makes both stacks and migrates between them; repeated it finds nothing to change', async () => {
  const file = await parameters();
  await moto.tasksMoveOn(true);
  const { code, out, said } = await ecs('up', file);
  expect({ code, said }).toEqual({ code: 0, said: 'migrating the database ...\n' });
  expect(out).toMatch(/^API +http:\/\/\S+elb\.amazonaws\.com$/m);
  expect(out).toMatch(
    /^operator key +aws secretsmanager get-secret-value .*arn:aws:secretsmanager:/m,
  );
  const unchanged = 'films-base: as it should be\nfilms-services: as it should be\n';
  expect(await ecs('diff', file)).toMatchObject({ code: 0, out: unchanged });
  expect((await ecs('up', file)).out).toContain(unchanged);
});

test('the programs find every queue and topic as they want it, and need not make any', async () => {
  const told: unknown[] = [];
  const listening = { ...log, warn: (details: unknown) => void told.push(details) } as Logger;
  const messaging = createSqsMessaging({
    endpoint: moto.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    prefix: 'films-',
    provisioned: true,
    log: listening,
  });
  await messaging.declare(topology);
  expect(told).toEqual([]);
  await messaging.send('encode-jobs', [{ body: '{}' }]);
  expect((await messaging.depth('encode-jobs')).waiting).toBe(1);
  await messaging.publish('order-events', [{ body: '{}', group: 'g', deduplicationId: 'd' }]);
  await messaging.close();
});

test('the autoscaler launches workers by the settings that its task is given, and finds them again', async () => {
  await moto.tasksMoveOn(false);
  const api = client();
  const described = await api.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'films-autoscaler' }),
  );
  const settings = described.taskDefinition?.containerDefinitions?.[0]?.environment ?? [];
  const config = readEcsConfig(
    Object.fromEntries(settings.map(({ name, value }) => [name ?? '', value])),
  );
  expect(config.capacity.map(({ name }) => name)).toEqual(['FARGATE_SPOT', 'FARGATE']);

  const target = new EcsTarget({ config, client: client(), log });
  expect(await target.list()).toEqual([]);
  expect(await target.launch(12, 'aaaaaaaaaaaaaaaa')).toEqual({ launched: 12, refused: [] });
  expect(await target.list()).toHaveLength(12);
  const restarted = new EcsTarget({ config, client: client(), log });
  const [first] = await restarted.list();
  await api.send(new StopTaskCommand({ cluster: config.cluster, task: first?.id }));
  expect(await restarted.list()).toHaveLength(11);

  const inactive = new EcsTarget({
    config: { ...config, taskDefinition: 'films-nothing' },
    client: client(),
    log,
  });
  expect(await inactive.launch(1, 'bbbbbbbbbbbbbbbb')).toEqual({
    launched: 0,
    refused: [{ reason: 'configuration', count: 1 }],
  });
  for (const each of [target, restarted, inactive]) await each.close();
  api.destroy();
});

test('"down" stops the workers and keeps everything; with --base only data stays, and is named', async () => {
  const file = await parameters();
  await moto.tasksMoveOn(true);
  const stopped = await ecs('down', file);
  // moto lists also those that are to stop; AWS does not.
  expect(stopped).toMatchObject({
    code: 0,
    said: '12 workers give back what they have not finished ...\n',
  });
  expect(stopped.out).toContain('films-services is removed.');
  expect((await ecs('diff', file)).out).toContain('films-base: as it should be');

  const { code, out } = await ecs('down', '--base', file);
  expect(code).toBe(0);
  expect(out).toContain('films-base is removed, with the queues.');
  const [, bucket = ''] = /^ +Bucket +(\S+)$/m.exec(out) ?? [];
  expect((await fetch(`${moto.url}/${bucket}?location`)).status).toBe(200);
  expect(out).toMatch(/^ +DatabaseId +\S+$/m);
});

test('what AWS refuses is told in a sentence', async () => {
  const file = await parameters({ Name: 'other', VpcId: 'vpc-00000000000000000' });
  const { code, said } = await ecs('up', file);
  expect(code).toBe(1);
  expect(said).toMatch(/^AWS: .*vpc-00000000000000000.*$/m);
  expect(said).not.toContain(' at ');
});
