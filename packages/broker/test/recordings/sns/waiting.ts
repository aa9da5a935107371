import { type Aws, scenario } from '../harness.ts';
import { inOtherRegion } from './regions.ts';
import { attributesOf } from './steps.ts';

// Scenarios of gaps: they fail until what they wait for is built.

async function subscribePhone(aws: Aws, TopicArn: string, Endpoint: string) {
  const phone = { TopicArn, Protocol: 'sms', Endpoint, ReturnSubscriptionArn: 'true' };
  return aws.sns('Subscribe', phone);
}

for (const [name, key, number] of [
  ['test_subscribe_sms', 'subscribe-sms-1', '+1234567890'],
  ['test_subscribe_sms_obscure_phone_number', 'subscribe-sms-2', '+12/34-567.890'],
] as const) {
  scenario(name, async (aws) => {
    aws.match(key, await subscribePhone(aws, await aws.topic(), number));
  });
}

scenario('test_subscribe_sms_endpoint', async (aws) => {
  const subscribed = await subscribePhone(aws, await aws.topic(), '+123123123');
  aws.match('subscribe-sms-endpoint', subscribed);
  aws.match('subscribe-sms-attrs', await attributesOf(aws, subscribed.SubscriptionArn ?? ''));
});

scenario('test_list_subscriptions_by_topic_pagination', async (aws) => {
  const TopicArn = await aws.topic();
  for (let index = 0; index < 101; index += 1) {
    await subscribePhone(aws, TopicArn, `+12312312${index}`);
  }
  const { NextToken } = await aws.sns('ListSubscriptionsByTopic', { TopicArn });
  const rest = await aws.sns('ListSubscriptionsByTopic', { TopicArn, NextToken });
  aws.match('list-sub-per-topic-page-2', rest);
});

scenario('test_creating_subscription', async (aws) => {
  const TopicArn = await aws.topic();
  const params = { TopicArn, Protocol: 'http', Endpoint: 'http://example.com/' };
  aws.match('create-subscription', await aws.sns('Subscribe', params));
});

scenario('test_cross_region_delivery_sqs', (aws) =>
  inOtherRegion(aws, async (other) => {
    const TopicArn = await aws.topic();
    const queue = await other.queue();
    const to = { TopicArn, Protocol: 'sqs', Endpoint: await other.queueArn(queue) };
    aws.match('subscribe-cross-region', await other.snsError('Subscribe', to));
    aws.match('subscribe-same-region', await aws.sns('Subscribe', to));
    await aws.sns('Publish', {
      TopicArn,
      Message: 'This is a test message',
      MessageAttributes: { attr1: { DataType: 'Number', StringValue: '99.12' } },
    });
    aws.match('messages', await other.sqs('ReceiveMessage', { QueueUrl: queue }));
  }),
);
