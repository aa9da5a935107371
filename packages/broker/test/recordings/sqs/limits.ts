import { onBothProtocols } from '../harness.ts';

onBothProtocols('test_send_receive_max_number_of_messages', async (aws) => {
  const QueueUrl = await aws.queue();
  await aws.sqs('SendMessage', { QueueUrl, MessageBody: 'message' });
  const answer = await aws.sqsError('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 11 });
  aws.match('send_max_number_of_messages', answer);
});
