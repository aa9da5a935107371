import { onBothProtocols, scenario } from '../harness.ts';

// How long a message, a batch and a poll may be.

const maxBytes = 1_048_576;
const attributes = { k: { DataType: 'String', StringValue: 'x' } };
const attributesBytes = 'kStringx'.length;

onBothProtocols('test_send_empty_message', async (aws) => {
  const QueueUrl = await aws.queue();
  aws.match('send_empty_message', await aws.sqsError('SendMessage', { QueueUrl, MessageBody: '' }));
});

onBothProtocols('test_send_oversized_message', async (aws) => {
  const QueueUrl = await aws.queue();
  const MessageBody = 'a'.repeat(maxBytes - attributesBytes + 1);
  const message = { QueueUrl, MessageBody, MessageAttributes: attributes };
  aws.match('send_oversized_message', await aws.sqsError('SendMessage', message));
});

onBothProtocols('test_send_message_with_updated_maximum_message_size', async (aws) => {
  const QueueUrl = await aws.queue();
  await aws.sqs('SetQueueAttributes', { QueueUrl, Attributes: { MaximumMessageSize: '1024' } });
  await aws.send(QueueUrl, 'a'.repeat(1024));
  const MessageBody = 'a'.repeat(1024 - attributesBytes + 1);
  const message = { QueueUrl, MessageBody, MessageAttributes: attributes };
  aws.match('send_oversized_message', await aws.sqsError('SendMessage', message));
});

onBothProtocols('test_send_message_batch_with_oversized_contents', async (aws) => {
  const QueueUrl = await aws.queue();
  const MessageBody = 'a'.repeat(maxBytes - attributesBytes);
  const Entries = [
    { Id: '1', MessageBody, MessageAttributes: attributes },
    { Id: '2', MessageBody: 'a' },
  ];
  const answer = await aws.sqsError('SendMessageBatch', { QueueUrl, Entries });
  aws.match('send_oversized_message_batch', answer);
});

onBothProtocols(
  'test_send_message_batch_with_oversized_contents_with_updated_maximum_message_size',
  async (aws) => {
    const QueueUrl = await aws.queue();
    await aws.sqs('SetQueueAttributes', { QueueUrl, Attributes: { MaximumMessageSize: '2048' } });
    const MessageBody = 'a'.repeat(2048 - attributesBytes);
    const Entries = [
      { Id: '1', MessageBody, MessageAttributes: attributes },
      { Id: '2', MessageBody: 'a' },
    ];
    const answer = await aws.sqs('SendMessageBatch', { QueueUrl, Entries });
    aws.match('send_oversized_message_batch', answer);
  },
);

scenario('test_send_batch_message_size', async (aws) => {
  const QueueUrl = await aws.queue({ MaximumMessageSize: '1024' });
  const Entries = [
    { Id: 'a4cff0d1-1961-44bd-ae53-c6d5ed71ed08', MessageBody: 'a'.repeat(1024) },
    { Id: '35b535ed-b76a-4ebd-b749-6eb35cdb55ee', MessageBody: 'a'.repeat(1025) },
  ];
  const answer = await aws.sqs('SendMessageBatch', { QueueUrl, Entries });
  aws.match('send-message-batch-result', answer);
});

onBothProtocols('test_send_receive_max_number_of_messages', async (aws) => {
  const QueueUrl = await aws.queue();
  await aws.send(QueueUrl, 'message');
  const answer = await aws.sqsError('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 11 });
  aws.match('send_max_number_of_messages', answer);
});

onBothProtocols('test_send_receive_wait_time_seconds', async (aws) => {
  const QueueUrl = await aws.queue();
  const poll = (seconds: number) => ({ QueueUrl, WaitTimeSeconds: seconds });
  const tooLong = await aws.sqsError('ReceiveMessage', poll(21));
  aws.match('recieve_message_error_too_large', tooLong);
  const negative = await aws.sqsError('ReceiveMessage', poll(-1));
  aws.match('recieve_message_error_too_small', negative);
  await aws.send(QueueUrl, 'message');
  await aws.send(QueueUrl, 'message');
  aws.match('empty_short_poll_by_default_resp', await aws.receive(QueueUrl));
  aws.match('empty_short_poll_explicit_resp', await aws.sqs('ReceiveMessage', poll(0)));
});

onBothProtocols('test_receive_empty_queue', async (aws) => {
  const url = await aws.queue();
  aws.match('empty_short_poll_resp_no_param', await aws.receive(url));
  aws.match('empty_short_poll_resp', await aws.receive(url, { MaxNumberOfMessages: 1 }));
  const longPoll = { MaxNumberOfMessages: 1, WaitTimeSeconds: 1 };
  aws.match('empty_long_poll_resp', await aws.receive(url, longPoll));
});
