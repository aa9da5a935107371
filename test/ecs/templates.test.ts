import { describe, expect, test } from '@jest/globals';
import { topology } from '@spillway/contracts';
import { deadLetterQueueOf } from '@spillway/messaging';
import { KEEP_ALIVE_SECONDS } from '@spillway/runtime';
import { settingsReadBy } from './settings.ts';
import {
  type Fields,
  type Rendered,
  type Resource,
  readTemplate,
  renderTemplate,
  templateText,
} from './template.ts';

const variants: Record<string, Record<string, string>> = {
  'by default': {},
  'scaled by ECS': { Scaling: 'ecs', MinWorkers: '1' },
  'on Amazon MQ, with everything that may be given': {
    Broker: 'amazon-mq',
    AmazonMqDeployment: 'CLUSTER_MULTI_AZ',
    KmsKeyArn: 'arn:key',
    PermissionsBoundaryArn: 'arn:boundary',
    CertificateArn: 'arn:certificate',
    CustomerBucketArns: 'arn:aws:s3:::acme',
    SourceObjectArns: 'arn:aws:s3:::acme/in/*',
    DestinationObjectArns: 'arn:aws:s3:::acme/out/*',
  },
};
const bothOf = (parameters: Record<string, string>): Rendered[] => [
  renderTemplate('base', parameters),
  renderTemplate('services', parameters),
];

const ofType = (templates: readonly Rendered[], type: string): [string, Resource][] =>
  templates
    .flatMap(({ resources }) => Object.entries(resources))
    .filter(([, { Type }]) => Type === type);

interface Container {
  readonly Name: string;
  readonly StopTimeout: number;
  readonly Environment: readonly { readonly Name: string; readonly Value: string }[];
  readonly Secrets?: readonly { readonly Name: string }[];
  readonly [other: string]: unknown;
}
const containersOf = (templates: readonly Rendered[]): Container[] =>
  ofType(templates, 'AWS::ECS::TaskDefinition').flatMap(
    ([, { Properties }]) => Properties.ContainerDefinitions as unknown as Container[],
  );

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}
const statementsOf = ({ Properties }: Resource): Statement[] => {
  const own = Properties.PolicyDocument ? [Properties] : [];
  const policies = (Properties.Policies ?? own) as unknown as Record<string, Fields>[];
  return policies.flatMap(
    ({ PolicyDocument }) => PolicyDocument?.Statement as unknown as Statement[],
  );
};

test('the queues are those of the contracts, with their leases, tries, order and dead letters', () => {
  const { resources } = renderTemplate('base', { Name: 'blue' });
  const queues = ofType([{ resources, outputs: {} }], 'AWS::SQS::Queue');
  const made = Object.fromEntries(
    queues.map(([, { Properties }]) => [Properties.QueueName, Properties]),
  );
  const wanted = topology.queues.flatMap(({ name, ordered, leaseSeconds, maxDeliveries }) => {
    const suffix = ordered ? '.fifo' : '';
    const deadLetters = `blue-${deadLetterQueueOf(name)}${suffix}`;
    const [id] = queues.find(([, { Properties }]) => Properties.QueueName === deadLetters) ?? [];
    const shared = { MessageRetentionPeriod: 1_209_600, ...(ordered && { FifoQueue: true }) };
    const redrive = { deadLetterTargetArn: `<GetAtt ${id}.Arn>`, maxReceiveCount: maxDeliveries };
    return [
      [deadLetters, shared],
      [
        `blue-${name}${suffix}`,
        { ...shared, VisibilityTimeout: leaseSeconds, RedrivePolicy: redrive },
      ],
    ] as const;
  });
  expect(Object.keys(made).toSorted()).toEqual(wanted.map(([name]) => name).toSorted());
  for (const [name, properties] of wanted) expect(made[name]).toMatchObject(properties);

  const topics = ofType([{ resources, outputs: {} }], 'AWS::SNS::Topic');
  expect(topics.map(([, { Properties }]) => Properties.TopicName)).toEqual(
    topology.topics.map(({ name, ordered }) => `blue-${name}${ordered ? '.fifo' : ''}`),
  );
  // The templates make no subscription, and there is none to make.
  expect(topology.subscriptions).toEqual([]);
});

test('what is kept stays when a stack is deleted, and is neither public nor readable by others', () => {
  const base = renderTemplate('base');
  for (const type of ['S3::Bucket', 'S3::BucketPolicy', 'RDS::DBInstance', 'RDS::DBSubnetGroup']) {
    const found = ofType([base], `AWS::${type}`);
    expect([type, found.map(([, { DeletionPolicy }]) => DeletionPolicy)]).toEqual([
      type,
      ['Retain'],
    ]);
  }
  const secrets = ofType([base], 'AWS::SecretsManager::Secret');
  expect(secrets.map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(
    secrets.map(() => 'Retain'),
  );
  expect(base.resources.Bucket?.Properties.PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  expect(base.resources.Database?.Properties).toMatchObject({
    DeletionProtection: true,
    StorageEncrypted: true,
    PubliclyAccessible: false,
    EngineVersion: '17',
  });
});

test('a database and a bucket that are there already are used, and none is made', () => {
  const base = renderTemplate('base', {
    ExistingBucket: 'films',
    ExistingDatabaseUrl: 'postgres://me@db:5432/films',
    ExistingDatabaseSecretArn: 'arn:theirs',
    ExistingSecretArn: 'arn:ours-before',
  });
  expect(ofType([base], 'AWS::S3::Bucket')).toEqual([]);
  expect(ofType([base], 'AWS::RDS::DBInstance')).toEqual([]);
  expect(base.outputs.Bucket?.Value).toBe('films');
  expect(base.outputs.DatabaseUrl?.Value).toBe('postgres://me@db:5432/films');
  expect(base.outputs.DatabaseSecret?.Value).toBe('arn:theirs');
  expect(base.outputs.Secret?.Value).toBe('arn:ours-before');
  // The operator's key is a new one in any case.
  expect(ofType([base], 'AWS::SecretsManager::Secret').map(([id]) => id)).toEqual(['AdminKey']);
});

test.each(['base', 'services'])(
  '%s fits into a request, so that nobody needs a bucket to deploy it',
  (name) => {
    expect(Buffer.byteLength(templateText(name))).toBeLessThan(51_200);
  },
);

describe.each(Object.entries(variants))('%s', (_, parameters) => {
  const templates = bothOf(parameters);

  test('every program is told only settings that it reads', () => {
    for (const { Name, Environment, Secrets = [] } of containersOf(templates)) {
      const read = settingsReadBy(Name === 'migrate' ? 'order-api' : Name);
      const told = [...Environment, ...Secrets].map((setting) => setting.Name);
      expect([Name, told.filter((name) => !read.has(name))]).toEqual([Name, []]);
      expect([Name, told.length]).toEqual([Name, new Set(told).size]);
    }
  });

  test('no secret stands in a task definition', () => {
    for (const { Environment } of containersOf(templates)) {
      for (const { Name, Value } of Environment) {
        expect(Name).not.toMatch(/KEY|SECRET|PASSWORD/);
        expect(Value).not.toMatch(/resolve:|:\/\/[^@/]*:[^@/]*@/);
      }
    }
  });

  test('every container is a plain user on a read-only disk, with no capabilities, logs and a health check', () => {
    for (const container of containersOf(templates)) {
      expect(container).toMatchObject({
        User: '1000:1000',
        ReadonlyRootFilesystem: true,
        LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
        LogConfiguration: { LogDriver: 'awslogs' },
      });
      if (container.Name !== 'migrate') expect(container.HealthCheck).toBeDefined();
    }
  });

  test('a worker has time for its grace before Fargate kills it', () => {
    for (const { Name, StopTimeout, Environment } of containersOf(templates)) {
      const grace = Environment.find((each) => each.Name === 'SPILLWAY_STOP_GRACE_SECONDS')?.Value;
      expect([Name, StopTimeout]).toEqual([Name, expect.any(Number)]);
      expect(StopTimeout).toBeLessThanOrEqual(120);
      expect(StopTimeout).toBeGreaterThan(Number(grace ?? 20));
    }
  });

  test('no right is for everything, but those that AWS grants in no other way', () => {
    const holders = [
      ...ofType(templates, 'AWS::IAM::Role'),
      ...ofType(templates, 'AWS::IAM::ManagedPolicy'),
    ];
    const everywhere = ['ecr:GetAuthorizationToken', 'sns:ListTopics', 'ecs:ListTasks'];
    for (const [holder, resource] of holders) {
      for (const { Action, Resource } of statementsOf(resource)) {
        for (const action of [Action].flat())
          expect([holder, action]).toEqual([holder, expect.not.stringContaining('*')]);
        if (Resource === '*') expect(everywhere).toEqual(expect.arrayContaining([Action].flat()));
      }
    }
  });

  test('each service has roles of its own, apart from those that start it', () => {
    const tasks = ofType(templates, 'AWS::ECS::TaskDefinition').map(
      ([, { Properties }]) => Properties,
    );
    const roles = tasks.flatMap(({ TaskRoleArn, ExecutionRoleArn }) => [
      TaskRoleArn,
      ExecutionRoleArn,
    ]);
    const used = roles.filter((role) => role !== undefined);
    expect(new Set(used).size).toBe(used.length);
  });

  test('the second stack takes only what the first one gives', () => {
    const [base] = templates;
    const given = Object.values(base?.outputs ?? {}).map(
      ({ Export }) => (Export as Fields | undefined)?.Name,
    );
    const taken = JSON.stringify(templates[1]).match(/(?<=<import )[^>]+/g) ?? [];
    expect(taken.length).toBeGreaterThan(5);
    for (const name of new Set(taken)) expect(given).toContain(name);
  });
});

test.each(['base', 'services'])(
  '%s: rights for NAME-* are for one installation, because no name has a hyphen',
  (template) => {
    const name = new RegExp(`^(${readTemplate(template).Parameters.Name?.AllowedPattern})$`);
    expect('films2').toMatch(name);
    expect('films-2').not.toMatch(name);
  },
);

test('the load balancer lets go of an idle connection before order-api does', () => {
  const [, loadBalancer] =
    ofType([renderTemplate('services')], 'AWS::ElasticLoadBalancingV2::LoadBalancer')[0] ?? [];
  const attributes = loadBalancer?.Properties.LoadBalancerAttributes as unknown as Fields[];
  const idle = attributes.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')?.Value;
  expect(Number(idle)).toBeLessThan(KEEP_ALIVE_SECONDS);
});

test('an update leaves a service that is scaled as many tasks as it has', () => {
  const { resources } = renderTemplate('services', variants['scaled by ECS']);
  const scaled = Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::ApplicationAutoScaling::ScalableTarget')
    .map(({ Properties }) => /(\w+)\.Name/.exec(String(Properties.ResourceId))?.[1] ?? '');
  expect(scaled.toSorted()).toEqual(['OrderApiService', 'VideoEncoderService']);
  for (const name of scaled) expect(resources[name]?.Properties).not.toHaveProperty('DesiredCount');
});

test('scaled by us, the autoscaler runs workers by itself; scaled by ECS, a service does, and its tasks are protected', () => {
  const ours = containersOf([renderTemplate('services')]);
  expect(ours.map(({ Name }) => Name)).toContain('autoscaler');
  const native = renderTemplate('services', variants['scaled by ECS']);
  const containers = containersOf([native]);
  expect(containers.map(({ Name }) => Name)).not.toContain('autoscaler');
  const encoder = containers.find(({ Name }) => Name === 'video-encoder');
  expect(encoder?.Environment).toContainEqual({
    Name: 'SPILLWAY_SCALE_IN_PROTECTION',
    Value: 'true',
  });
  expect(encoder?.Environment.map(({ Name }) => Name)).not.toContain(
    'SPILLWAY_EXIT_WHEN_IDLE_SECONDS',
  );
  expect(native.resources.VideoEncoderService).toBeDefined();
});
