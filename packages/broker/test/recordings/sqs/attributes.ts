import { type Aws, onBothProtocols } from '../harness.ts';

// Attributes of queues.

function all(aws: Aws, QueueUrl: string) {
  return aws.sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
}

onBothProtocols('test_create_and_update_queue_attributes', async (aws) => {
  const QueueUrl = await aws.queue({
    MessageRetentionPeriod: '604800',
    ReceiveMessageWaitTimeSeconds: '10',
    VisibilityTimeout: '20',
  });
  aws.match('get_queue_attributes', await all(aws, QueueUrl));
  const Attributes = { MaximumMessageSize: '2048', VisibilityTimeout: '69', DelaySeconds: '420' };
  await aws.sqs('SetQueueAttributes', { QueueUrl, Attributes });
  aws.match('get_updated_queue_attributes', await all(aws, QueueUrl));
});

onBothProtocols('test_set_queue_attributes_default_values', async (aws) => {
  const QueueUrl = await aws.queue();
  const set = (KmsMasterKeyId: string, KmsDataKeyReusePeriodSeconds: string) => {
    const Attributes = { KmsMasterKeyId, KmsDataKeyReusePeriodSeconds };
    return aws.sqs('SetQueueAttributes', { QueueUrl, Attributes });
  };
  aws.match('get-queue-attributes-initial-values', await all(aws, QueueUrl));
  await set('testKeyId', '6000');
  aws.match('get-queue-attributes-after-update', await all(aws, QueueUrl));
  await set('', '300');
  aws.match('get-queue-attributes-after-set-to-defaults', await all(aws, QueueUrl));
});

onBothProtocols('test_set_unsupported_attribute_standard', async (aws) => {
  const QueueUrl = await aws.queue();
  for (const [index, FifoQueue] of ['true', 'false'].entries()) {
    const answer = await aws.sqsError('SetQueueAttributes', {
      QueueUrl,
      Attributes: { FifoQueue },
    });
    aws.match(`invalid-attr-name-${index + 1}`, answer);
  }
});

onBothProtocols('test_set_unsupported_attribute_fifo', async (aws) => {
  const set = (QueueUrl: string, FifoQueue: string) => ({ QueueUrl, Attributes: { FifoQueue } });
  const onStandard = await aws.sqsError('SetQueueAttributes', set(await aws.queue(), 'true'));
  aws.match('invalid-attr-name-1', onStandard);
  const fifo = await aws.fifoQueue();
  await aws.sqs('SetQueueAttributes', set(fifo, 'true'));
  const changed = await aws.sqsError('SetQueueAttributes', set(fifo, 'false'));
  aws.match('invalid-attr-name-2', changed);
});

onBothProtocols('test_fifo_set_content_based_deduplication_strategy', async (aws) => {
  const QueueUrl = await aws.fifoQueue({
    SqsManagedSseEnabled: 'true',
    ContentBasedDeduplication: 'true',
  });
  aws.match('before-update', await all(aws, QueueUrl));
  const Attributes = { ContentBasedDeduplication: 'false' };
  await aws.sqs('SetQueueAttributes', { QueueUrl, Attributes });
  aws.match('after-update', await all(aws, QueueUrl));
});

onBothProtocols('test_sse_queue_attributes', async (aws) => {
  const AttributeNames = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'];
  const encrypted = async (Attributes: Record<string, string>) => {
    const QueueUrl = await aws.queue();
    await aws.sqs('SetQueueAttributes', { QueueUrl, Attributes });
    return aws.sqs('GetQueueAttributes', { QueueUrl, AttributeNames });
  };
  const kms = { KmsMasterKeyId: 'testKeyId', KmsDataKeyReusePeriodSeconds: '6000' };
  const byKms = await encrypted({ ...kms, SqsManagedSseEnabled: 'false' });
  aws.match('sse_kms_attributes', byKms);
  aws.match('sse_sqs_attributes', await encrypted({ SqsManagedSseEnabled: 'true' }));
});

onBothProtocols('test_sse_kms_and_sqs_are_mutually_exclusive', async (aws) => {
  const QueueUrl = await aws.queue();
  const Attributes = { KmsMasterKeyId: 'testKeyId', SqsManagedSseEnabled: 'true' };
  const { Error: error } = await aws.sqsError('SetQueueAttributes', { QueueUrl, Attributes });
  // Recorded is the text of boto's exception, not the answer.
  const text = `An error occurred (${error?.Code}) when calling the SetQueueAttributes operation: ${error?.Message}`;
  aws.match('error', text);
});
