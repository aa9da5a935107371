import { expect } from '@jest/globals';
import { type Aws, onBothProtocols, scenario } from '../harness.ts';

// Queues: their names, tags and permissions.

/** Creates a queue that the recordings could not create, over the protocol they used for it. */
function refusedQueue(aws: Aws, QueueName: string, Attributes: Record<string, string>) {
  return aws.call('sqs', 'json', 'CreateQueue', { QueueName, Attributes });
}

scenario('test_list_queues_pagination', async (aws) => {
  const QueueNamePrefix = '7f7df0f5';
  for (let index = 0; index < 10; index += 1) {
    await aws.queue({}, `${QueueNamePrefix}-test-queue-${index}`);
  }
  aws.match('list_all', await aws.sqs('ListQueues', { QueueNamePrefix }));
  const two = await aws.sqs('ListQueues', { QueueNamePrefix, MaxResults: 2 });
  // The recorded token was put in place of the one that AWS gave.
  aws.match('list_two_max', two, ['NextToken']);
  const rest = { QueueNamePrefix, MaxResults: 10, NextToken: two.NextToken };
  aws.match('list_remaining', await aws.sqs('ListQueues', rest));
});

onBothProtocols('test_create_fifo_queue_with_different_attributes_raises_error', async (aws) => {
  const name = 'queue.fifo';
  await aws.queue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' }, name);
  const other = { FifoQueue: 'true', ContentBasedDeduplication: 'false' };
  aws.match('queue-already-exists', await refusedQueue(aws, name, other));
});

onBothProtocols('test_create_queue_with_different_attributes_raises_exception', async (aws) => {
  const name = 'queue';
  const wait = { ReceiveMessageWaitTimeSeconds: '1' };
  const url = await aws.queue({ ...wait, DelaySeconds: '1' }, name);
  expect(await aws.queue(undefined, name)).toBe(url);
  expect(await aws.queue({ DelaySeconds: '1' }, name)).toBe(url);
  aws.match('create_queue_01', await refusedQueue(aws, name, { ...wait, DelaySeconds: '2' }));
  const Attributes = { DelaySeconds: '2' };
  await aws.sqs('SetQueueAttributes', { QueueUrl: url, Attributes });
  expect(await aws.queue({ ...wait, DelaySeconds: '2' }, name)).toBe(url);
  aws.match('create_queue_02', await refusedQueue(aws, name, { ...wait, DelaySeconds: '1' }));
});

onBothProtocols('test_create_standard_queue_with_fifo_attribute_raises_error', async (aws) => {
  const refused = {
    'fifo-queue': { FifoQueue: 'false' },
    'content-based-deduplication': { ContentBasedDeduplication: 'false' },
    'deduplication-scope': { DeduplicationScope: 'queue' },
    'throughput-limit': { FifoThroughputLimit: 'perQueue' },
  };
  for (const [key, attributes] of Object.entries(refused)) {
    aws.match(`invalid-attribute-${key}`, await refusedQueue(aws, 'queue', attributes));
  }
});

scenario('test_non_existent_queue', async (aws) => {
  const QueueName = 'queue';
  const QueueUrl = await aws.queue(undefined, QueueName);
  await aws.sqs('DeleteQueue', { QueueUrl });
  aws.match('queue-does-not-exist', await aws.sqsError('GetQueueAttributes', { QueueUrl }));
  aws.match('queue-does-not-exist-url', await aws.sqsError('GetQueueUrl', { QueueName }));
  const overQuery = await aws.call('sqs', 'query', 'GetQueueAttributes', { QueueUrl });
  aws.match('queue-does-not-exist-query', overQuery);
});

scenario('test_send_message_via_queue_url_with_json_protocol', async (aws) => {
  const QueueUrl = await aws.queue();
  const answer = await aws.at(QueueUrl).receive(QueueUrl, { WaitTimeSeconds: 1 });
  aws.match('receive-json-on-queue-url', answer);
});

onBothProtocols('test_tag_untag_queue', async (aws) => {
  const QueueUrl = await aws.queue();
  const Tags = { tag1: 'value1', tag2: 'value2', tag3: '' };
  await aws.sqs('TagQueue', { QueueUrl, Tags });
  aws.match('get-tag-1', await aws.sqs('ListQueueTags', { QueueUrl }));
  await aws.sqs('UntagQueue', { QueueUrl, TagKeys: ['tag1', 'tag3'] });
  aws.match('get-tag-2', await aws.sqs('ListQueueTags', { QueueUrl }));
  await aws.sqs('UntagQueue', { QueueUrl, TagKeys: ['tag2'] });
  aws.match('get-tag-after-untag', await aws.sqs('ListQueueTags', { QueueUrl }));
});

onBothProtocols('test_successive_purge_calls_fail', async (aws) => {
  const QueueUrl = await aws.queue();
  await aws.sqs('PurgeQueue', { QueueUrl });
  aws.match('purge_queue_error', await aws.sqsError('PurgeQueue', { QueueUrl }));
});

onBothProtocols('test_sqs_permission_lifecycle', async (aws) => {
  const QueueUrl = await aws.queue();
  const [own, other] = ['000000000000', '668614515564'];
  const [first, second] = ['crossaccountpermission', 'crossaccountpermission2'];
  const permission = (Label: string, ...AWSAccountIds: string[]) => {
    return { QueueUrl, Label, AWSAccountIds, Actions: ['ReceiveMessage'] };
  };
  const add = (label: string, ...ids: string[]) =>
    aws.sqs('AddPermission', permission(label, ...ids));
  const remove = (Label: string) => aws.sqs('RemovePermission', { QueueUrl, Label });
  const policy = () => aws.sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] });

  aws.match('add-permission-response', await add(first, other, own));
  aws.match('get-queue-policy-attribute', await policy());
  aws.match('remove-permission-response', await remove(first));
  aws.match('get-queue-policy-attribute-after-removal', await policy());
  await add(first, own);
  aws.match('get-queue-policy-attribute-first-account-same-label', await policy());
  const again = await aws.sqsError('AddPermission', permission(first, other));
  aws.match('get-queue-policy-attribute-second-account-same-label', again);
  await add(second, own);
  aws.match('get-queue-policy-attribute-second-account-different-label', await policy());
  await remove(first);
  aws.match('get-queue-policy-attribute-delete-first-permission', await policy());
  await remove(second);
  aws.match('get-queue-policy-attribute-delete-second-permission', await policy());
  const gone = await aws.sqsError('RemovePermission', { QueueUrl, Label: second });
  aws.match('get-queue-policy-attribute-delete-non-existent-label', gone);
});
