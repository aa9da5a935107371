import { expect } from '@jest/globals';
import { messageOf, onBothProtocols, scenario } from '../harness.ts';
import type { Message } from '../wire.ts';

// Dead-letter queues.

const redrive = (deadLetterTargetArn: string, maxReceiveCount: number) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
});

scenario('test_invalid_dead_letter_arn_rejected_before_lookup', async (aws) => {
  // What AWS answered was not recorded; that it refuses, the scenario's name tells.
  const queue = { QueueName: 'queue', Attributes: redrive('dummy', 42) };
  const { ResponseMetadata } = await aws.sqsError('CreateQueue', queue);
  expect(ResponseMetadata.HTTPStatusCode).toBe(400);
});

onBothProtocols('test_set_empty_redrive_policy', async (aws) => {
  const dead = await aws.queue();
  const url = await aws.queue();
  const set = (Attributes: Record<string, string>) =>
    aws.sqs('SetQueueAttributes', { QueueUrl: url, Attributes });
  const policy = async () => {
    const all = { QueueUrl: url, AttributeNames: ['All'] };
    return (await aws.sqs('GetQueueAttributes', all)).Attributes?.RedrivePolicy;
  };
  await set({ RedrivePolicy: '' });
  expect(await policy()).toBeUndefined();
  await set(redrive(await aws.queueArn(dead), 42));
  expect(await policy()).toContain(await aws.queueArn(dead));
  await set({ RedrivePolicy: '' });
  expect(await policy()).toBeUndefined();
});

onBothProtocols('test_dead_letter_queue_with_fifo_and_content_based_deduplication', async (aws) => {
  const byContent = { ContentBasedDeduplication: 'true' };
  const dead = await aws.fifoQueue({ ...byContent, MessageRetentionPeriod: '1209600' });
  const url = await aws.fifoQueue({
    ...byContent,
    VisibilityTimeout: '60',
    ...redrive(await aws.queueArn(dead), 2),
  });
  const sent = await aws.send(url, 'foobar', { MessageGroupId: '1' });
  for (let receives = 0; receives < 3; receives += 1) {
    await aws.receive(url, { VisibilityTimeout: 0 });
  }
  const moved = messageOf(await aws.receive(dead));
  expect([moved.MessageId, moved.Body]).toEqual([sent.MessageId, 'foobar']);
  const next = await aws.send(url, 'foobar2', { MessageGroupId: '1' });
  expect(messageOf(await aws.receive(url)).MessageId).toBe(next.MessageId);
});

scenario('test_dead_letter_queue_message_attributes', async (aws) => {
  const dead = await aws.queue();
  const deadArn = await aws.queueArn(dead);
  const url = await aws.queue(redrive(deadArn, 1));
  aws.match('dlq-arn', deadArn);
  aws.match('sourcen-arn', await aws.queueArn(url));
  const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
  await aws.send(url, 'message-1', {
    MessageAttributes: { MyAttribute: { DataType: 'String', StringValue: 'foobar' } },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
  });
  await aws.send(url, 'message-2');
  const names = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };
  const receiveAll = async (from: string, receives: number) => {
    const received: Message[] = [];
    for (let receive = 0; receive < receives; receive += 1) {
      const { Messages = [] } = await aws.receive(from, { ...names, VisibilityTimeout: 0 });
      received.push(...Messages);
    }
    // The recordings leave the sender out.
    for (const { Attributes } of received) delete Attributes?.SenderId;
    return received.sort((one, other) => one.Body.localeCompare(other.Body));
  };
  aws.match('rec-pre-dlq', await receiveAll(url, 4));
  const { Messages = [] } = await aws.receive(dead, { ...names, MaxNumberOfMessages: 10 });
  for (const { Attributes } of Messages) delete Attributes?.SenderId;
  aws.match('dlq-messages', Messages);
});
