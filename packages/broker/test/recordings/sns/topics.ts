import { scenario } from '../harness.ts';

scenario('test_create_topic_with_attributes', async (aws) => {
  const attributes = { DisplayName: 'TestTopic', SignatureVersion: '2', FifoTopic: 'true' };
  const TopicArn = await aws.topic(attributes);
  aws.match('get-topic-attrs', await aws.sns('GetTopicAttributes', { TopicArn }));
  const missing = { TopicArn: TopicArn.replace('.fifo', 'x') };
  aws.match('get-attrs-nonexistent-topic', await aws.snsError('GetTopicAttributes', missing));
  const malformed = { TopicArn: 'test-topic' };
  aws.match('get-attrs-malformed-topic', await aws.snsError('GetTopicAttributes', malformed));
});

scenario('test_tags', async (aws) => {
  const ResourceArn = await aws.topic();
  const tag = (Key: string, Value: string) => ({ Key, Value });
  const Tags = [tag('k1', 'v1'), tag('k2', 'v2')];
  const repeated = { ResourceArn, Tags: [...Tags, tag('k2', 'v2')] };
  aws.match('duplicate-key-error', await aws.snsError('TagResource', repeated));
  await aws.sns('TagResource', { ResourceArn, Tags });
  aws.match('list-created-tags', await aws.sns('ListTagsForResource', { ResourceArn }));
  await aws.sns('UntagResource', { ResourceArn, TagKeys: ['k1'] });
  aws.match('list-after-delete-tags', await aws.sns('ListTagsForResource', { ResourceArn }));
  await aws.sns('TagResource', { ResourceArn, Tags: [tag('k2', 'v2b')] });
  aws.match('list-after-update-tags', await aws.sns('ListTagsForResource', { ResourceArn }));
});

scenario('test_tags_removed_after_deletion', async (aws) => {
  const Name = aws.name('topic');
  const ResourceArn = await aws.topic(undefined, Name);
  const Tags = [
    { Key: 'k1', Value: 'v1' },
    { Key: 'k2', Value: 'v2' },
  ];
  await aws.sns('TagResource', { ResourceArn, Tags });
  aws.match('list-created-tags', await aws.sns('ListTagsForResource', { ResourceArn }));
  await aws.sns('DeleteTopic', { TopicArn: ResourceArn });
  await aws.topic(undefined, Name);
  aws.match('list-empty-tags', await aws.sns('ListTagsForResource', { ResourceArn }));
});

scenario('test_create_topic_test_arn', async (aws) => {
  const created = await aws.sns('CreateTopic', { Name: 'topic-test-create' });
  aws.match('create-topic', created);
  const { TopicArn } = created;
  aws.match('get-topic-attrs', await aws.sns('GetTopicAttributes', { TopicArn }));
  aws.match('delete-topic', await aws.sns('DeleteTopic', { TopicArn }));
  aws.match('topic-not-exists', await aws.snsError('GetTopicAttributes', { TopicArn }));
});

scenario('test_delete_topic_idempotency', async (aws) => {
  const TopicArn = await aws.topic();
  aws.match('delete-topic', await aws.sns('DeleteTopic', { TopicArn }));
  aws.match('delete-topic-again', await aws.sns('DeleteTopic', { TopicArn }));
});

scenario('test_delete_non_existent_topic', async (aws) => {
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:non-existent';
  aws.match('delete-non-existent-topic', await aws.sns('DeleteTopic', { TopicArn }));
});

scenario('test_create_duplicate_topic_with_more_tags', async (aws) => {
  const Name = aws.name('topic');
  await aws.topic(undefined, Name);
  const Tags = [{ Key: 'key1', Value: 'value1' }];
  aws.match('exception-duplicate', await aws.snsError('CreateTopic', { Name, Tags }));
});

scenario('test_create_duplicate_topic_check_idempotency', async (aws) => {
  const Name = aws.name('topic');
  const first = { Key: 'a', Value: '1' };
  const Tags = [first, { Key: 'b', Value: '2' }];
  aws.match('response-created', await aws.sns('CreateTopic', { Name, Tags }));
  for (const [index, again] of [Tags, [first], undefined].entries()) {
    const answer = await aws.sns('CreateTopic', { Name, Tags: again });
    aws.match(`response-same-arn-${index}`, answer);
  }
});

scenario('test_create_topic_after_delete_with_new_tags', async (aws) => {
  const Name = aws.name('topic');
  for (const [index, Value] of ['pqr', 'abc'].entries()) {
    const topic = await aws.sns('CreateTopic', { Name, Tags: [{ Key: 'Name', Value }] });
    aws.match(`topic-${index}`, topic);
    await aws.sns('DeleteTopic', { TopicArn: topic.TopicArn });
  }
});

scenario('test_create_topic_should_be_idempotent', async (aws) => {
  const Name = aws.name('topic');
  const TopicArn = await aws.topic(undefined, Name);
  const set = { TopicArn, AttributeName: 'DisplayName', AttributeValue: 'AlreadySet' };
  await aws.sns('SetTopicAttributes', set);
  aws.match('topic-attrs-idempotent-1', await aws.sns('GetTopicAttributes', { TopicArn }));
  await aws.topic(undefined, Name);
  aws.match('topic-attrs-idempotent-2', await aws.sns('GetTopicAttributes', { TopicArn }));
});

scenario('test_create_topic_different_attrs', async (aws) => {
  const Name = aws.name('topic');
  const withAttributes = (Attributes: object) => ({ Name, Attributes });
  const created = await aws.sns('CreateTopic', withAttributes({ DisplayName: 'Value1' }));
  aws.match('create-topic', created);
  aws.match('create-topic-no-attrs', await aws.sns('CreateTopic', { Name }));
  const { TopicArn } = created;
  aws.match('topic-attrs', await aws.sns('GetTopicAttributes', { TopicArn }));
  await aws.sns('CreateTopic', withAttributes({ DisplayName: 'Value1' }));
  await aws.sns('CreateTopic', withAttributes({ FifoTopic: 'false' }));
  const refused = {
    'create-topic-diff-attrs': { DisplayName: 'Value2' },
    'create-topic-new-attrs-fifo': { FifoTopic: 'true' },
    'create-topic-new-attrs': { SignatureVersion: '2' },
    'create-topic-new-and-same-attrs': { SignatureVersion: '2', DisplayName: 'Value1' },
  };
  for (const [key, attributes] of Object.entries(refused)) {
    aws.match(key, await aws.snsError('CreateTopic', withAttributes(attributes)));
  }
});

scenario('test_create_topic_name_constraints', async (aws) => {
  const longest = 'a'.repeat(256);
  aws.match('valid-name-max-length', await aws.sns('CreateTopic', { Name: longest }));
  const refused: Record<string, object> = {
    'name-too-short': { Name: '' },
    'name-too-long': { Name: `${longest}a` },
    'name-contains-fifo': { Name: 'test.fifo' },
    'fifo-name-not-contains-fifo': { Name: 'test', Attributes: { FifoTopic: 'true' } },
  };
  for (const [index, character] of [...':;!@|^% '].entries()) {
    refused[`name-invalid-char-${index}`] = { Name: `bad${character}name` };
  }
  for (const [key, params] of Object.entries(refused)) {
    aws.match(key, await aws.snsError('CreateTopic', { ...params }));
  }
});

scenario('test_topic_get_attributes_with_fifo_false', async (aws) => {
  const TopicArn = await aws.topic({ FifoTopic: 'false' });
  aws.match('get-attrs-standard-topic', await aws.sns('GetTopicAttributes', { TopicArn }));
  const set = { TopicArn, AttributeName: 'FifoTopic', AttributeValue: 'false' };
  aws.match('set-fifo-false-after-creation', await aws.snsError('SetTopicAttributes', set));
});
