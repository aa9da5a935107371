import { type Aws, onBothProtocols } from '../harness.ts';
import type { Answer } from '../wire.ts';

// FIFO queues: groups and deduplication.

const group = (MessageGroupId: string, MessageDeduplicationId: string) => ({
  MessageGroupId,
  MessageDeduplicationId,
});

onBothProtocols('test_fifo_empty_message_groups_added_back_to_queue', async (aws) => {
  const url = await aws.fifoQueue();
  await aws.send(url, 'Message 1', group('g1', '1'));
  await aws.take('inital-fifo-receive', url);
  aws.match('empty-fifo-receive', await aws.receive(url));
  await aws.send(url, 'Message 2', group('g1', '2'));
  aws.match('final-fifo-receive', await aws.receive(url));
});

onBothProtocols('test_fifo_queue_send_message_with_delay_seconds_fails', async (aws) => {
  const QueueUrl = await aws.fifoQueue({ ContentBasedDeduplication: 'true' });
  const message = { QueueUrl, MessageBody: 'message-1', MessageGroupId: '1', DelaySeconds: 2 };
  aws.match('send_message', await aws.sqsError('SendMessage', message));
});

onBothProtocols(
  'test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay',
  async (aws) => {
    const url = await aws.fifoQueue({ ContentBasedDeduplication: 'true', DelaySeconds: '2' });
    const now = { MessageGroupId: '1', DelaySeconds: 0 };
    aws.match('send_message_result', await aws.send(url, 'message-1', now));
    aws.advance(1);
    aws.match('receive_message_initial_result', await aws.receive(url));
    aws.advance(1);
    aws.match('receive_message_after_delay_result', await aws.receive(url));
  },
);

onBothProtocols('test_fifo_message_attributes', async (aws) => {
  const url = await aws.fifoQueue({
    ContentBasedDeduplication: 'true',
    VisibilityTimeout: '0',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  });
  const sent = await aws.send(url, 'message-body-1', group('group-1', 'dedup-1'));
  aws.match('send_message', sent);
  for (const index of [0, 1]) {
    const received = await aws.receive(url, { AttributeNames: ['All'] });
    aws.match(`receive_message_${index}`, received);
  }
});

onBothProtocols('test_posting_to_fifo_requires_deduplicationid_group_id', async (aws) => {
  const QueueUrl = await aws.fifoQueue();
  const noDedupId = { QueueUrl, MessageBody: 'test', MessageGroupId: 'group' };
  const noGroup = { QueueUrl, MessageBody: 'test', MessageDeduplicationId: 'dedup' };
  aws.match('invalid-parameter-value', await aws.sqsError('SendMessage', noDedupId));
  aws.match('missing-parameter', await aws.sqsError('SendMessage', noGroup));
  // In spite of its name, `-query` was recorded over JSON.
  const overJson = (message: object) => aws.call('sqs', 'json', 'SendMessage', { ...message });
  aws.match('invalid-parameter-value-query', await overJson(noDedupId));
  aws.match('missing-parameter-query', await overJson(noGroup));
});

for (const byContent of [true, false]) {
  const attributes = byContent ? { ContentBasedDeduplication: 'true' } : undefined;
  const parameter = byContent ? 'True' : 'False';
  const send = (aws: Aws, url: string, MessageGroupId: string): Promise<Answer> => {
    const dedupId = byContent ? {} : { MessageDeduplicationId: 'dedup1' };
    return aws.send(url, '{"foo": "bar"}', { MessageGroupId, ...dedupId });
  };

  const afterDelete = async (aws: Aws) => {
    const url = await aws.fifoQueue(attributes);
    await send(aws, url, 'group-1');
    await aws.take('get-messages', url);
    await send(aws, url, 'group-1');
    aws.match('get-messages-duplicate', await aws.receive(url));
  };
  onBothProtocols('test_fifo_deduplication_arrives_once_after_delete', afterDelete, parameter);

  const inOtherGroup = async (aws: Aws) => {
    const url = await aws.fifoQueue(attributes);
    await send(aws, url, 'group-1');
    await send(aws, url, 'group-2');
    aws.match('get-messages', await aws.receive(url));
    aws.match('get-dedup-messages', await aws.receive(url));
  };
  onBothProtocols('test_fifo_deduplication_not_on_message_group_id', inOtherGroup, parameter);
}
