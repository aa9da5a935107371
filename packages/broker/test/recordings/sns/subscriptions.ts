import { expect } from '@jest/globals';
import { scenario } from '../harness.ts';
import { attributesOf, setAttribute, subscribe, subscribedQueue } from './steps.ts';

const region = 'arn:aws:sns:us-east-1';
const account = `${region}:000000000000`;

scenario('test_subscribe_with_invalid_protocol', async (aws) => {
  const TopicArn = await aws.topic();
  const params = { TopicArn, Protocol: 'test-protocol', Endpoint: 'someone@example.com' };
  aws.match('exception', await aws.snsError('Subscribe', params));
});

scenario('test_subscribe_with_invalid_topic', async (aws) => {
  const refused = {
    'invalid-subscribe-arn-1': 'randomstring',
    'invalid-subscribe-arn-2': `${region}:random`,
    'non-existent-topic': `${await aws.topic()}aaa`,
  };
  for (const [key, TopicArn] of Object.entries(refused)) {
    const params = { TopicArn, Protocol: 'email', Endpoint: 'someone@example.com' };
    aws.match(key, await aws.snsError('Subscribe', params));
  }
});

scenario('test_subscribe_unknown_topic', async (aws) => {
  const params = { TopicArn: `${account}:unknown`, Protocol: 'sms', Endpoint: '+1234567890' };
  aws.match('subscribe-unknown-topic', await aws.snsError('Subscribe', params));
});

scenario('test_subscribe_unknown_sqs_queue', async (aws) => {
  const to = { TopicArn: await aws.topic(), Protocol: 'sqs' };
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:unknown';
  aws.match('subscribe-unknown-sqs', await aws.sns('Subscribe', { ...to, Endpoint }));
  const answer = await aws.snsError('Subscribe', { ...to, Endpoint: 'unknown' });
  aws.match('subscribe-unknown-sqs-invalid_arn', answer);
});

for (const [name, key] of [
  ['test_subscribe_sqs_queue_url', 'subscribe-sqs-via-url-error'],
  ['test_subscribe_to_sqs_with_queue_url', 'sub-queue-url'],
] as const) {
  scenario(name, async (aws) => {
    const params = { TopicArn: await aws.topic(), Protocol: 'sqs', Endpoint: await aws.queue() };
    aws.match(key, await aws.snsError('Subscribe', params));
  });
}

for (const [name, numbers] of [
  ['test_subscribe_bad_sms', { 'subscribe-bad-sms': 'invalid-number' }],
  [
    'test_subscribe_invalid_sms',
    Object.fromEntries(
      ['+15--551234567', 'NAA+15551234567', '+15551234567.', '/+15551234567'].map((number) => [
        `subscribe-bad-sms-${number}`,
        number,
      ]),
    ),
  ],
] as const) {
  scenario(name, async (aws) => {
    const TopicArn = await aws.topic();
    for (const [key, Endpoint] of Object.entries(numbers)) {
      aws.match(key, await aws.snsError('Subscribe', { TopicArn, Protocol: 'sms', Endpoint }));
    }
  });
}

scenario('test_publish_wrong_phone_format', async (aws) => {
  const Message = 'Good news everyone!';
  const publish = (PhoneNumber: string) => aws.snsError('Publish', { Message, PhoneNumber });
  aws.match('invalid-number', await publish('+1a234'));
  aws.match('wrong-format', await publish('NAA+15551234567'));
  const params = { TopicArn: await aws.topic(), Protocol: 'sms', Endpoint: 'NAA+15551234567' };
  aws.match('wrong-endpoint', await aws.snsError('Subscribe', params));
});

scenario('test_double_subscription', async (aws) => {
  const topic = await aws.topic(undefined, 'double-sub-befdfdff');
  const queue = await aws.queue();
  const params = { TopicArn: topic, Protocol: 'sqs', Endpoint: await aws.queueArn(queue) };
  aws.match('double-subscription-first', await aws.sns('Subscribe', params));
  aws.match('double-subscription-second', await aws.sns('Subscribe', params));
});

scenario('test_subscribe_idempotency', async (aws) => {
  const queue = await aws.queue();
  const to = {
    ...{ TopicArn: await aws.topic(), Protocol: 'sqs', Endpoint: await aws.queueArn(queue) },
    ReturnSubscriptionArn: 'true',
  };
  const created = await aws.sns('Subscribe', { ...to, Attributes: { RawMessageDelivery: 'True' } });
  aws.match('subscribe', created);
  aws.match('get-sub-attrs', await attributesOf(aws, created.SubscriptionArn ?? ''));
  const FilterPolicyScope = 'MessageAttributes';
  const same = {
    'subscribe-exact-same-raw': { RawMessageDelivery: 'true' },
    'subscribe-idempotent': { RawMessageDelivery: 'true', FilterPolicyScope },
    'subscribe-idempotent-no-attributes': undefined,
    'subscribe-idempotent-empty-attributes': {},
    'subscribe-missing-attributes': { FilterPolicyScope },
  };
  for (const [key, Attributes] of Object.entries(same)) {
    aws.match(key, await aws.sns('Subscribe', { ...to, Attributes }));
  }
  const Attributes = { RawMessageDelivery: 'false', FilterPolicyScope: 'MessageBody' };
  const other = await aws.snsError('Subscribe', { ...to, Attributes });
  aws.match('subscribe-diff-attributes', other);
});

scenario('test_unsubscribe_from_non_existing_subscription', async (aws) => {
  const { subscription: SubscriptionArn } = await subscribedQueue(aws);
  await aws.sns('Unsubscribe', { SubscriptionArn });
  aws.match('empty-unsubscribe', await aws.sns('Unsubscribe', { SubscriptionArn }));
});

scenario('test_unsubscribe_idempotency', async (aws) => {
  const { subscription: SubscriptionArn } = await subscribedQueue(aws);
  aws.match('unsubscribe-1', await aws.sns('Unsubscribe', { SubscriptionArn }));
  aws.match('unsubscribe-2', await aws.sns('Unsubscribe', { SubscriptionArn }));
});

scenario('test_unsubscribe_wrong_arn_format', async (aws) => {
  const refused = {
    'invalid-unsubscribe-arn-1': 'randomstring',
    'invalid-unsubscribe-arn-2': `${region}:random`,
    'invalid-unsubscribe-arn-3': `${region}:111111111111:random`,
    'invalid-unsubscribe-arn-4': undefined,
  };
  for (const [key, SubscriptionArn] of Object.entries(refused)) {
    aws.match(key, await aws.snsError('Unsubscribe', { SubscriptionArn }));
  }
});

// When it was recorded, the ARN was what Subscribe answers of an endpoint that has to confirm.
scenario('test_unsubscribe_from_deleted_topic', async (aws) => {
  const pending = { SubscriptionArn: 'pending confirmation' };
  aws.match('unsubscribe-deleted-topic', await aws.snsError('Unsubscribe', pending));
});

scenario('test_not_found_error_on_set_subscription_attributes', async (aws) => {
  const TopicArn = await aws.topic();
  const Endpoint = await aws.queueArn(await aws.queue());
  const subscribed = await aws.sns('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint });
  aws.match('sub', subscribed);
  const { SubscriptionArn = '' } = subscribed;
  aws.match('sub-attrs', await attributesOf(aws, SubscriptionArn));
  const list = () => aws.sns('ListSubscriptionsByTopic', { TopicArn });
  aws.match('subscriptions-for-topic-before-unsub', await list());
  await aws.sns('Unsubscribe', { SubscriptionArn });
  const set = { SubscriptionArn, AttributeName: 'RawMessageDelivery', AttributeValue: 'true' };
  aws.match('sub-not-found', await aws.snsError('SetSubscriptionAttributes', set));
  aws.match('subscriptions-for-topic-after-unsub', await list());
});

scenario('test_get_subscription_attributes_error_not_exists', async (aws) => {
  const SubscriptionArn = `${account}:nonexistent:7b4c2c1e-6d3f-4b43-9f7a-1f0c9a6a2d11`;
  const answer = await aws.snsError('GetSubscriptionAttributes', { SubscriptionArn });
  aws.match('get-sub-attrs-nonexistent', answer);
});

scenario('test_getting_subscriptions_by_topic', async (aws) => {
  const { topic: TopicArn } = await subscribedQueue(aws);
  const answer = await aws.sns('ListSubscriptionsByTopic', { TopicArn });
  aws.match('list-subscriptions-by-topic', answer);
});

// Nothing of this scenario was recorded but that every subscription is listed.
scenario('test_list_subscriptions', async (aws) => {
  const created: string[] = [];
  for (const topic of [await aws.topic(), await aws.topic()]) {
    for (let index = 0; index < 3; index += 1) {
      created.push(await subscribe(aws, topic, await aws.queue()));
    }
  }
  const { Subscriptions } = await aws.sns('ListSubscriptions', {});
  expect(Subscriptions?.map(({ SubscriptionArn }) => SubscriptionArn).sort()).toEqual(
    created.sort(),
  );
});

scenario('test_delete_subscriptions_on_delete_topic', async (aws) => {
  const { topic, subscription } = await subscribedQueue(aws, { RawMessageDelivery: 'true' });
  await aws.sns('DeleteTopic', { TopicArn: topic });
  aws.match('get-sub-after-topic-delete', await attributesOf(aws, subscription));
});

scenario('test_sns_confirm_subscription_wrong_token', async (aws) => {
  const topic = await aws.topic();
  const formed = '51b2ff3edb475b7d'.repeat(18);
  const confirm = (TopicArn: string, Token: string) =>
    aws.snsError('ConfirmSubscription', { TopicArn, Token });
  aws.match('topic-not-exists', await confirm(`${topic}i`, formed));
  aws.match('invalid-token', await confirm(topic, 'randomtoken'));
  aws.match('token-not-exists', await confirm(topic, formed));
});

for (const [name, key] of [
  ['test_subscribe_attributes', 'get-subscription-attributes'],
  ['test_creating_subscription_with_attributes', 'subscription-with-attributes'],
] as const) {
  scenario(name, async (aws) => {
    const raw = name.endsWith('with_attributes') ? { RawMessageDelivery: 'true' } : undefined;
    const { subscription } = await subscribedQueue(aws, raw);
    aws.match(key, await attributesOf(aws, subscription));
  });
}

scenario('test_set_subscription_attributes', async (aws) => {
  const { subscription } = await subscribedQueue(aws);
  await setAttribute(aws, subscription, 'RawMessageDelivery', 'true');
  aws.match('set-subscription-attributes', await attributesOf(aws, subscription));
});

scenario('test_sqs_topic_subscription_confirmation', async (aws) => {
  const { subscription } = await subscribedQueue(aws);
  const { Attributes } = await attributesOf(aws, subscription);
  aws.match('subscription-attrs', Attributes);
});
