import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '../../../src/index.ts';
import { type Aws, scenario } from '../harness.ts';

/** A broker has one region: a client in another region is a client of another broker. */
export async function inOtherRegion(aws: Aws, work: (other: Aws) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'spillway-recordings-'));
  const broker = await startBroker({ dataDir, sync: 'off', region: 'eu-central-1' });
  try {
    await work(aws.at(broker.url));
  } finally {
    await broker.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

scenario('test_create_topic_in_multiple_regions', (aws) =>
  inOtherRegion(aws, async (other) => {
    const Name = 'multiregion';
    const east = await aws.topic(undefined, Name);
    const west = await other.topic(undefined, Name);
    aws.match('list-primary', await aws.sns('ListTopics', {}));
    other.match('list-secondary', await other.sns('ListTopics', {}));
    aws.match('topic-east', await aws.sns('GetTopicAttributes', { TopicArn: east }));
    other.match('topic-west', await other.sns('GetTopicAttributes', { TopicArn: west }));
  }),
);

scenario('test_cross_region_access', (aws) =>
  inOtherRegion(aws, async (other) => {
    const TopicArn = await aws.topic();
    const set = { TopicArn, AttributeName: 'DisplayName', AttributeValue: 'xenon' };
    const subscribe = { TopicArn, Protocol: 'email', Endpoint: 'someone@example.com' };
    const calls = [
      ['set-topic-attrs', 'SetTopicAttributes', set],
      ['get-topic-attrs', 'GetTopicAttributes', { TopicArn }],
      ['cross-region-publish-forbidden', 'Publish', { TopicArn, Message: 'hello world' }],
      ['cross-region-subscribe', 'Subscribe', subscribe],
      ['list-subs', 'ListSubscriptionsByTopic', { TopicArn }],
      ['delete-topic', 'DeleteTopic', { TopicArn }],
    ] as const;
    for (const [key, action, params] of calls) {
      other.match(key, await other.snsError(action, params));
    }
  }),
);

scenario('test_topic_publish_another_region', (aws) =>
  inOtherRegion(aws, async (other) => {
    const TopicArn = await aws.topic();
    const Message = 'This is a test message';
    aws.match('success', await aws.sns('Publish', { TopicArn, Message }));
    other.match('error', await other.snsError('Publish', { TopicArn, Message }));
    const PublishBatchRequestEntries = [{ Id: '1', Message }];
    const batch = await other.snsError('PublishBatch', { TopicArn, PublishBatchRequestEntries });
    other.match('error-batch', batch);
  }),
);
