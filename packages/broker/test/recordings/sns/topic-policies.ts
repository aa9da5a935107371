import { expect } from '@jest/globals';
import { accountId } from '../../../src/sqs/context.ts';
import { type Aws, scenario } from '../harness.ts';

async function policyOf(aws: Aws, TopicArn: string): Promise<unknown> {
  const { Attributes } = await aws.sns('GetTopicAttributes', { TopicArn });
  return JSON.parse(Attributes?.Policy ?? '');
}

function permission(TopicArn: string, Label: string, ...ActionName: string[]) {
  return { TopicArn, Label, AWSAccountId: [accountId], ActionName };
}

for (const [name, actions] of [
  ['test_topic_add_permission', ['Publish']],
  ['test_topic_add_multiple_permissions', ['Publish', 'Subscribe']],
] as const) {
  scenario(name, async (aws) => {
    const topic = await aws.topic();
    const added = await aws.sns('AddPermission', permission(topic, 'test', ...actions));
    aws.match('add-permission-response', added);
    aws.match('topic-policy-after-permission', await policyOf(aws, topic));
  });
}

scenario('test_topic_remove_permission', async (aws) => {
  const TopicArn = await aws.topic();
  await aws.sns('AddPermission', permission(TopicArn, 'test', 'Publish'));
  await aws.sns('RemovePermission', { TopicArn, Label: 'test' });
  aws.match('topic-policy', await policyOf(aws, TopicArn));
});

scenario('test_add_permission_errors', async (aws) => {
  const topic = await aws.topic();
  await aws.sns('AddPermission', permission(topic, 'test', 'Publish'));
  const refused = {
    'duplicate-label': permission(topic, 'test', 'AddPermission'),
    'topic-not-found': permission(`${topic}-not-existing`, 'test-2', 'AddPermission'),
    'invalid-action': permission(topic, 'test-2', 'InvalidAction'),
  };
  for (const [key, params] of Object.entries(refused)) {
    aws.match(key, await aws.snsError('AddPermission', params));
  }
});

scenario('test_remove_permission_errors', async (aws) => {
  const topic = await aws.topic();
  await aws.sns('AddPermission', permission(topic, 'test', 'Publish'));
  const missing = { TopicArn: `${topic}-not-existing`, Label: 'test' };
  aws.match('topic-not-found', await aws.snsError('RemovePermission', missing));
});

// Nothing of this scenario was recorded but that it passed: a policy that is set replaces the one before.
scenario('test_topic_policy_overwrite_lifecycle', async (aws) => {
  const TopicArn = await aws.topic();
  for (const Sid of ['first', 'second']) {
    const policy = { Version: '2012-10-17', Id: 'own', Statement: [{ Sid, Effect: 'Allow' }] };
    const AttributeValue = JSON.stringify(policy);
    await aws.sns('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
    expect(await policyOf(aws, TopicArn)).toEqual(policy);
  }
});

scenario('test_data_protection_policy_crud', async (aws) => {
  const TopicArn = await aws.topic();
  const DataProtectionPolicy = JSON.stringify({
    Name: 'data_protection_policy',
    Description: 'Test Policy',
    Version: '2021-06-01',
    Statement: [
      {
        Sid: 'test-statement',
        DataDirection: 'Inbound',
        Principal: ['*'],
        DataIdentifier: ['arn:aws:dataprotection:us-east-1::data-identifier/EmailAddress'],
        Operation: { Deny: {} },
      },
    ],
  });
  const attributes = () => aws.sns('GetTopicAttributes', { TopicArn });
  aws.match('get-topic-attributes-before-policy', await attributes());
  const put = { ResourceArn: TopicArn, DataProtectionPolicy };
  aws.match('put-data-protection-policy', await aws.sns('PutDataProtectionPolicy', put));
  const got = await aws.sns('GetDataProtectionPolicy', { ResourceArn: TopicArn });
  aws.match('get-data-protection-policy', got);
  aws.match('get-topic-attributes-after-policy', await attributes());
});

scenario('test_topic_delivery_policy_crud', async (aws) => {
  const http = (policy: object) => JSON.stringify({ http: policy });
  const TopicArn = await aws.topic({
    DisplayName: 'TestTopic',
    SignatureVersion: '2',
    FifoTopic: 'true',
    DeliveryPolicy: http({ defaultRequestPolicy: { headerContentType: 'application/json' } }),
  });
  const attributes = () => aws.sns('GetTopicAttributes', { TopicArn });
  const set = (AttributeValue: string) =>
    aws.sns('SetTopicAttributes', { TopicArn, AttributeName: 'DeliveryPolicy', AttributeValue });
  aws.match('get-topic-attrs', await attributes());
  const retry = { minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1 };
  aws.match('set-topic-attrs', await set(http({ defaultHealthyRetryPolicy: retry })));
  aws.match('get-topic-attrs-after-update', await attributes());
  aws.match('set-topic-attrs-none', await set(http({ defaultHealthyRetryPolicy: null })));
  aws.match('get-topic-attrs-after-none', await attributes());
  aws.match('set-topic-attrs-full-none', await set(''));
  aws.match('get-topic-attrs-after-delete', await attributes());
});
