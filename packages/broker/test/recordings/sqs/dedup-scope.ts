import { type Aws, onBothProtocols } from '../harness.ts';

// Over which messages a deduplication id counts: the queue's, or the group's (high throughput).

const perGroup = {
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
};
const perQueue = { DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' };
const id = 'same-dedup';

const message = (MessageGroupId: string, MessageDeduplicationId: string) => ({
  MessageGroupId,
  MessageDeduplicationId,
});

async function set(aws: Aws, QueueUrl: string, Attributes: Record<string, string>, key: string) {
  await aws.sqs('SetQueueAttributes', { QueueUrl, Attributes });
  const all = await aws.sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  aws.match(key, all);
}

onBothProtocols('test_sqs_fifo_same_dedup_id_different_message_groups', async (aws) => {
  const url = await aws.fifoQueue({ ContentBasedDeduplication: 'false' });
  await aws.send(url, 'Test', message('group1', id));
  await aws.take('same-dedup-different-grp-1', url);
  await aws.send(url, 'Test', message('group2', id));
  aws.match('same-dedup-different-grp-2', await aws.receive(url));
});

onBothProtocols('test_fifo_high_throughput_ordering', async (aws) => {
  const url = await aws.fifoQueue({ ContentBasedDeduplication: 'false', ...perGroup });
  await aws.send(url, 'Test1', message('group1', id));
  await aws.take('same-dedup-different-grp-1', url);
  await aws.send(url, 'Test2', message('group2', id));
  aws.match('same-dedup-different-grp-2', await aws.receive(url));
});

onBothProtocols('test_sqs_fifo_message_group_scope_no_throughput_setting', async (aws) => {
  const url = await aws.fifoQueue({
    ContentBasedDeduplication: 'true',
    DeduplicationScope: 'messageGroup',
  });
  await aws.send(url, 'Test', { MessageGroupId: 'group1' });
  await aws.take('same-dedup-different-grp-1', url);
  await aws.send(url, 'Test', { MessageGroupId: 'group2' });
  aws.match('same-dedup-different-grp-2', await aws.receive(url));
});

onBothProtocols('test_fifo_change_to_high_throughput_after_creation', async (aws) => {
  const url = await aws.fifoQueue({
    ContentBasedDeduplication: 'false',
    DeduplicationScope: 'queue',
  });
  await aws.send(url, 'Test1', message('group1', id));
  await aws.take('same-dedup-different-grp-1', url);
  await aws.send(url, 'Test2', message('group2', id));
  aws.match('same-dedup-different-grp-2', await aws.receive(url, { VisibilityTimeout: 0 }));
  await set(aws, url, perGroup, 'set-to-high-throughput');
  aws.match('same-dedup-different-grp-high-throughput', await aws.receive(url));
  await aws.send(url, 'Test3', message('group3', id));
  aws.match('same-dedup-different-grp-high-throughput-2', await aws.receive(url));
  await aws.send(url, 'Test4', message('group4', 'dedup_2'));
  await aws.take('new-dedup2-high-throughput', url);
  await aws.send(url, 'Test5', message('group5', 'dedup_2'));
  aws.match('same-dedup2-high-throughput', await aws.receive(url));
});

onBothProtocols('test_fifo_change_to_regular_throughput_after_creation', async (aws) => {
  const url = await aws.fifoQueue({ ContentBasedDeduplication: 'false', ...perGroup });
  await aws.send(url, 'Test1', message('group1', id));
  await aws.take('same-dedup-different-grp-1', url);
  await aws.send(url, 'Test2', message('group2', id));
  await aws.take('same-dedup-different-grp-2', url);
  await set(aws, url, perQueue, 'set-to-regular-throughput');
  await aws.send(url, 'Test3', message('group3', id));
  aws.match('same-dedup-different-grp-regular-throughput', await aws.receive(url));
});
