import { scenario } from '../harness.ts';
import { attributesOf, filterBy, receive, setAttribute, subscribedQueue, take } from './steps.ts';

const number = (StringValue: string) => ({ DataType: 'Number', StringValue });

scenario('test_set_subscription_filter_policy_scope', async (aws) => {
  const { subscription } = await subscribedQueue(aws);
  aws.match('sub-attrs-default', await attributesOf(aws, subscription));
  await setAttribute(aws, subscription, 'FilterPolicyScope', 'MessageBody');
  aws.match('sub-attrs-filter-scope-body', await attributesOf(aws, subscription));
  const random = {
    SubscriptionArn: subscription,
    AttributeName: 'FilterPolicyScope',
    AttributeValue: 'RandomValue',
  };
  const refused = await aws.snsError('SetSubscriptionAttributes', random);
  aws.match('sub-attrs-filter-scope-error', refused);
  await filterBy(aws, subscription, { attr: ['match-this'] });
  aws.match('sub-attrs-after-setting-policy', await attributesOf(aws, subscription));
});

scenario('test_sub_filter_policy_nested_property', async (aws) => {
  const { subscription } = await subscribedQueue(aws);
  const policy = { object: { key: [{ prefix: 'auto-' }] } };
  const set = {
    SubscriptionArn: subscription,
    AttributeName: 'FilterPolicy',
    AttributeValue: JSON.stringify(policy),
  };
  const refused = await aws.snsError('SetSubscriptionAttributes', set);
  aws.match('sub-filter-policy-nested-error', refused);
  await filterBy(aws, subscription, policy, 'MessageBody');
  aws.match('sub-attrs-after-setting-nested-policy', await attributesOf(aws, subscription));
});

scenario('test_filter_policy', async (aws) => {
  const { topic: TopicArn, queue, subscription } = await subscribedQueue(aws);
  await filterBy(aws, subscription, { attr1: [{ numeric: ['>', 0, '<=', 100] }] });
  aws.match('subscription-attributes', await attributesOf(aws, subscription));
  aws.match('messages-0', await receive(aws, queue));
  const within = { TopicArn, Message: 'This is a test message' };
  await aws.sns('Publish', { ...within, MessageAttributes: { attr1: number('99') } });
  aws.match('messages-1', await receive(aws, queue));
  const above = { TopicArn, Message: 'This is another test message' };
  await aws.sns('Publish', { ...above, MessageAttributes: { attr1: number('111') } });
  aws.match('messages-2', await take(aws, queue));
  await filterBy(aws, subscription, { attr1: [null, { 'anything-but': 'whatever' }] });
  aws.match('subscription-attributes-2', await attributesOf(aws, subscription));
  const without = { TopicArn, Message: 'This the test message for null' };
  await aws.sns('Publish', without);
  aws.match('messages-3', await receive(aws, queue));
  await setAttribute(aws, subscription, 'FilterPolicy', '');
  await aws.sns('Publish', without);
  aws.match('messages-4', await receive(aws, queue));
});

scenario('test_exists_filter_policy', async (aws) => {
  const { topic: TopicArn, queue, subscription } = await subscribedQueue(aws);
  const publish = (Message: string, ...names: string[]) =>
    aws.sns('Publish', {
      TopicArn,
      Message,
      MessageAttributes: Object.fromEntries(names.map((name) => [name, number('99')])),
    });
  await filterBy(aws, subscription, { store: [{ exists: true }] });
  aws.match('subscription-attributes-policy-1', await attributesOf(aws, subscription));
  aws.match('messages-0', await receive(aws, queue));
  await publish('message-1', 'store', 'def');
  aws.match('messages-1', await receive(aws, queue));
  await publish('message-2', 'attr1');
  aws.match('messages-2', await take(aws, queue));
  await filterBy(aws, subscription, { store: [{ exists: false }] });
  aws.match('subscription-attributes-policy-2', await attributesOf(aws, subscription));
  await publish('message-3', 'def');
  aws.match('messages-3', await receive(aws, queue));
  await publish('message-4', 'store', 'def');
  aws.match('messages-4', await receive(aws, queue));
});

scenario('test_exists_filter_policy_attributes_array', async (aws) => {
  const { topic: TopicArn, queue, subscription } = await subscribedQueue(aws);
  await filterBy(aws, subscription, { store: ['value1'] }, 'MessageAttributes');
  await setAttribute(aws, subscription, 'RawMessageDelivery', 'true');
  aws.match('subscription-attributes-policy', await attributesOf(aws, subscription));
  aws.match('messages-init', await receive(aws, queue));
  const stores = [
    { DataType: 'String', StringValue: 'value1' },
    { DataType: 'String.Array', StringValue: '["value1", "value2"]' },
    { DataType: 'String.Array', StringValue: '["value2", "value3"]' },
  ];
  for (const [index, store] of stores.entries()) {
    const Message = `message-${index + 1}`;
    await aws.sns('Publish', { TopicArn, Message, MessageAttributes: { store } });
    aws.match(`messages-${index + 1}`, await take(aws, queue));
  }
});

scenario('test_filter_policy_for_batch', async (aws) => {
  const { topic: TopicArn, queue: filtered, subscription } = await subscribedQueue(aws);
  const open = await aws.queue();
  const endpoint = { Protocol: 'sqs', Endpoint: await aws.queueArn(open) };
  const { SubscriptionArn = '' } = await aws.sns('Subscribe', { TopicArn, ...endpoint });
  await filterBy(aws, subscription, { attr1: [{ numeric: ['>', 0, '<=', 100] }] });
  aws.match('subscription-attributes-with-filter', await attributesOf(aws, subscription));
  aws.match('subscription-attributes-no-filter', await attributesOf(aws, SubscriptionArn));
  aws.match('messages-no-filter-before-publish', await receive(aws, open));
  aws.match('messages-with-filter-before-publish', await receive(aws, filtered));
  const publish = (Message: string, value: string) => {
    const entry = { Id: '1', Message, MessageAttributes: { attr1: number(value) } };
    return aws.sns('PublishBatch', { TopicArn, PublishBatchRequestEntries: [entry] });
  };
  await publish('This is a test message', '99');
  aws.match('messages-no-filter-after-publish-ok', await take(aws, open));
  aws.match('messages-with-filter-after-publish-ok', await take(aws, filtered));
  await publish('This is another test message', '111');
  aws.match('messages-no-filter-after-publish-ok-1', await take(aws, open));
  aws.match('messages-with-filter-after-publish-filtered', await take(aws, filtered));
});
