import { scenario } from '../harness.ts';
import { attributesOf, subscribedQueue } from './steps.ts';

scenario('test_create_subscriptions_with_attributes', async (aws) => {
  const Endpoint = await aws.queueArn(await aws.queue());
  const subscribe = (RawMessageDelivery: string) => ({
    ...{ TopicArn, Protocol: 'sqs', Endpoint, ReturnSubscriptionArn: 'true' },
    Attributes: { RawMessageDelivery, FilterPolicyScope: 'MessageBody', FilterPolicy: '' },
  });
  const TopicArn = await aws.topic();
  aws.match('subscribe-wrong-attr', await aws.snsError('Subscribe', subscribe('wrongvalue')));
  const subscribed = await aws.sns('Subscribe', subscribe('TrUe'));
  aws.match('subscribe', subscribed);
  const arn = subscribed.SubscriptionArn ?? '';
  aws.match('get-attrs', await attributesOf(aws, arn));
  const SubscriptionArn = arn.replace(/.{8}$/, 'ffffffff');
  const missing = await aws.snsError('GetSubscriptionAttributes', { SubscriptionArn });
  aws.match('get-attrs-nonexistent-sub', missing);
});

scenario('test_validate_set_sub_attributes', async (aws) => {
  const { subscription: SubscriptionArn } = await subscribedQueue(aws);
  const refused = {
    'fake-attribute': ['FakeAttribute', 'test-value'],
    'raw-message-wrong-value': ['RawMessageDelivery', 'test-ValUe'],
    'raw-message-empty-value': ['RawMessageDelivery', ''],
    'fake-arn-redrive-policy': ['RedrivePolicy', '{"deadLetterTargetArn": "fake-arn"}'],
    'invalid-json-redrive-policy': ['RedrivePolicy', '{invalidjson}'],
    'invalid-json-filter-policy': ['FilterPolicy', '{invalidjson}'],
  };
  for (const [key, [AttributeName, AttributeValue]] of Object.entries(refused)) {
    const set = { SubscriptionArn, AttributeName, AttributeValue };
    aws.match(key, await aws.snsError('SetSubscriptionAttributes', set));
  }
});

// Recorded with an endpoint of another protocol, which the answer does not show.
scenario('test_subscribe_invalid_filter_policy', async (aws) => {
  const Endpoint = await aws.queueArn(await aws.queue());
  const to = { TopicArn: await aws.topic(), Protocol: 'sqs', Endpoint };
  const Attributes = { FilterPolicy: 'invalid-json' };
  const answer = await aws.snsError('Subscribe', { ...to, Attributes });
  aws.match('subscribe-invalid-filter-policy', answer);
});
