import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { QueueSpec, SubscriptionSpec, Topology } from '@spillway/contracts';
import { deadLetterQueueOf } from '../../port.ts';
import type { Addresses } from './addresses.ts';
import type { Clients } from './clients.ts';
import { translate } from './errors.ts';
import { changed, deadLetterAttributes, queueAttributes } from './queue-attributes.ts';

/** Creates what is missing, then changes only attributes that differ, so that repeating it is harmless. */
export async function declareTopology(
  clients: Clients,
  addresses: Addresses,
  topology: Topology,
): Promise<void> {
  await Promise.all([
    ...topology.queues.map((queue) => declareQueue(clients, addresses, queue)),
    ...topology.topics.map(async ({ name, ordered }) => {
      const command = new CreateTopicCommand({
        Name: addresses.vendorName(name, ordered),
        ...(ordered && { Attributes: { FifoTopic: 'true' } }),
      });
      const { TopicArn = '' } = await clients.sns
        .send(command)
        .catch(failing(`create topic ${name}`));
      addresses.rememberTopic(name, TopicArn);
    }),
  ]);
  const byQueue = Map.groupBy(topology.subscriptions, ({ queue }) => queue);
  await Promise.all(
    [...byQueue].map(([queue, specs]) => declareSubscriptions(clients, addresses, queue, specs)),
  );
}

const failing = (doing: string) => (error: unknown) => {
  throw translate(error, doing);
};

async function declareQueue(
  clients: Clients,
  addresses: Addresses,
  spec: QueueSpec,
): Promise<void> {
  const { name, ordered } = spec;
  const deadLetters = deadLetterQueueOf(name);
  const deadLettersArn = await ensureQueue(
    clients,
    addresses,
    deadLetters,
    ordered,
    deadLetterAttributes,
  );
  await ensureQueue(clients, addresses, name, ordered, queueAttributes(spec, deadLettersArn));
}

/** Answers the queue's ARN. */
async function ensureQueue(
  clients: Clients,
  addresses: Addresses,
  name: string,
  ordered: boolean,
  wanted: Readonly<Record<string, string>>,
): Promise<string> {
  // Other attributes are set afterwards: a creation that names ones that differ is refused.
  const create = new CreateQueueCommand({
    QueueName: addresses.vendorName(name, ordered),
    ...(ordered && { Attributes: { FifoQueue: 'true' } }),
  });
  const { QueueUrl = '' } = await clients.sqs.send(create).catch(failing(`create queue ${name}`));
  addresses.rememberQueue(name, QueueUrl);
  return ensureQueueAttributes(clients, QueueUrl, wanted);
}

async function ensureQueueAttributes(
  { sqs }: Clients,
  QueueUrl: string,
  wanted: Readonly<Record<string, string>>,
): Promise<string> {
  const { Attributes: now = {} } = await sqs
    .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
    .catch(failing(`read the settings of ${QueueUrl}`));
  const different = changed(now, wanted);
  if (Object.keys(different).length > 0) {
    await sqs
      .send(new SetQueueAttributesCommand({ QueueUrl, Attributes: different }))
      .catch(failing(`change the settings of ${QueueUrl}`));
  }
  return now.QueueArn ?? '';
}

async function declareSubscriptions(
  clients: Clients,
  addresses: Addresses,
  queue: string,
  specs: readonly SubscriptionSpec[],
): Promise<void> {
  const { url } = await addresses.queue(queue);
  const queueArn = await ensureQueueAttributes(clients, url, {});
  const topics = await Promise.all(
    specs.map(async ({ topic, filter }) => ({ filter, ...(await addresses.topic(topic)) })),
  );
  // Before the subscription: a topic that may not send would drop its first messages.
  await ensureQueueAttributes(clients, url, {
    Policy: sendPolicy(
      queueArn,
      topics.map(({ arn }) => arn),
    ),
  });
  for (const { arn, filter } of topics) await ensureSubscription(clients, arn, queueArn, filter);
}

/** Lets the topics, and nobody else but the account itself, send to the queue. */
const sendPolicy = (queueArn: string, topicArns: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArns } },
      },
    ],
  });

async function ensureSubscription(
  clients: Clients,
  TopicArn: string,
  queueArn: string,
  filter: SubscriptionSpec['filter'],
): Promise<void> {
  const wanted = { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify(filter) };
  const doing = `subscribe ${queueArn} to ${TopicArn}`;
  try {
    const existing = await findSubscription(clients, TopicArn, queueArn);
    if (existing === undefined) {
      const command = { TopicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes: wanted };
      await clients.sns.send(new SubscribeCommand(command));
      return;
    }
    const { Attributes: now = {} } = await clients.sns.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn: existing }),
    );
    for (const [AttributeName, AttributeValue] of Object.entries(
      changed({ FilterPolicy: '{}', ...now }, wanted),
    )) {
      const change = { SubscriptionArn: existing, AttributeName, AttributeValue };
      await clients.sns.send(new SetSubscriptionAttributesCommand(change));
    }
  } catch (error) {
    throw translate(error, doing);
  }
}

async function findSubscription(
  { sns }: Clients,
  TopicArn: string,
  queueArn: string,
): Promise<string | undefined> {
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
    { client: sns },
    { TopicArn },
  )) {
    const found = Subscriptions.find(({ Endpoint }) => Endpoint === queueArn);
    if (found) return found.SubscriptionArn;
  }
  return undefined;
}
