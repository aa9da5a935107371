import { type Aws, onBothProtocols } from '../harness.ts';
import type { Answer } from '../wire.ts';

// Batches that are refused as a whole.

/** Some recordings leave out the empty `Detail` that the Query protocol has in errors. */
function withoutDetail({ Error: error, ...answer }: Answer): object {
  const { Detail: _, ...rest } = { Detail: null, ...error };
  return { ...answer, Error: rest };
}

const tooMany = Array.from({ length: 20 }, (_, index) => String(index));

onBothProtocols('test_too_many_entries_in_batch_request', async (aws) => {
  const QueueUrl = await aws.queue();
  const Entries = tooMany.map((Id) => ({ Id, MessageBody: `body ${Id}` }));
  const answer = await aws.sqsError('SendMessageBatch', { QueueUrl, Entries });
  aws.match('test_too_many_entries_in_batch_request', answer);
});

onBothProtocols('test_invalid_batch_id', async (aws) => {
  const QueueUrl = await aws.queue();
  const Entries = [{ Id: 'message:1', MessageBody: 'body' }];
  const answer = await aws.sqsError('SendMessageBatch', { QueueUrl, Entries });
  aws.match('test_invalid_batch_id', answer);
});

const fifoEntry = { MessageBody: 'body', MessageGroupId: 'group' };

onBothProtocols('test_send_batch_missing_deduplication_id_for_fifo_queue', async (aws) => {
  const QueueUrl = await aws.fifoQueue({ ContentBasedDeduplication: 'false' });
  const Entries = [
    { Id: '1', ...fifoEntry, MessageDeduplicationId: 'dedup' },
    { Id: '2', ...fifoEntry },
  ];
  const answer = await aws.sqsError('SendMessageBatch', { QueueUrl, Entries });
  aws.match('test_missing_deduplication_id_for_fifo_queue', answer);
});

onBothProtocols('test_send_batch_missing_message_group_id_for_fifo_queue', async (aws) => {
  const QueueUrl = await aws.fifoQueue({ ContentBasedDeduplication: 'false' });
  const Entries = [
    { Id: '1', ...fifoEntry, MessageDeduplicationId: 'dedup-1' },
    { Id: '2', MessageBody: 'body', MessageDeduplicationId: 'dedup-2' },
  ];
  const answer = await aws.sqsError('SendMessageBatch', { QueueUrl, Entries });
  aws.match('test_missing_message_group_id_for_fifo_queue', answer);
});

for (const id of ['', 'testLongId'.repeat(10), 'invalid:id']) {
  const replay = async (aws: Aws) => {
    const QueueUrl = await aws.queue();
    const Entries = [{ Id: id, ReceiptHandle: 'handle' }];
    const answer = await aws.sqsError('DeleteMessageBatch', { QueueUrl, Entries });
    aws.match('error_response', withoutDetail(answer));
  };
  onBothProtocols('test_delete_message_batch_invalid_msg_id', replay, id);
}

async function receiveTwenty(aws: Aws, QueueUrl: string) {
  const entries = tooMany.map((Id) => ({ Id, MessageBody: `body ${Id}` }));
  for (const Entries of [entries.slice(0, 10), entries.slice(10)]) {
    await aws.sqs('SendMessageBatch', { QueueUrl, Entries });
  }
  const ten = { MaxNumberOfMessages: 10 };
  const answers = [await aws.receive(QueueUrl, ten), await aws.receive(QueueUrl, ten)];
  const received = answers.flatMap(({ Messages = [] }) => Messages);
  return received.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
}

onBothProtocols('test_delete_message_batch_with_too_large_batch', async (aws) => {
  const QueueUrl = await aws.queue();
  const Entries = await receiveTwenty(aws, QueueUrl);
  const answer = await aws.sqsError('DeleteMessageBatch', { QueueUrl, Entries });
  aws.match('error_response', withoutDetail(answer));
});

onBothProtocols('test_change_message_visibility_batch_with_too_large_batch', async (aws) => {
  const QueueUrl = await aws.queue();
  const received = await receiveTwenty(aws, QueueUrl);
  const Entries = received.map((entry) => ({ ...entry, VisibilityTimeout: 123 }));
  const answer = await aws.sqsError('ChangeMessageVisibilityBatch', { QueueUrl, Entries });
  aws.match('error_response', withoutDetail(answer));
});
