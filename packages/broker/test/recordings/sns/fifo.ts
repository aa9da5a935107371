import { expect } from '@jest/globals';
import { type Aws, scenario } from '../harness.ts';
import type { Params } from '../wire.ts';
import { attributesOf, everything, setAttribute, subscribe, take, takeAll } from './steps.ts';

const byContent = { ContentBasedDeduplication: 'true' };
const AttributeNames = ['All'];

async function fifoTopic(aws: Aws, content: boolean): Promise<string> {
  return aws.topic({ FifoTopic: 'true', ...(content && byContent) });
}

async function fifoQueue(aws: Aws, content: boolean): Promise<string> {
  return aws.queue({ FifoQueue: 'true', ...(content && byContent) });
}

/** Publishes a message twice; the second is a duplicate. */
async function publishTwice(aws: Aws, queue: string, message: Params): Promise<void> {
  await aws.sns('Publish', message);
  aws.match('messages', await take(aws, queue, { AttributeNames }));
  await aws.sns('Publish', message);
  aws.match('dedup-messages', await take(aws, queue, { AttributeNames }));
}

for (const content of [true, false]) {
  const parameter = content ? '[True]' : '[False]';
  const dedup = content ? {} : { MessageDeduplicationId: 'message-deduplication-id-1' };
  const message = { Message: 'Test', MessageGroupId: 'message-group-id-1', ...dedup };

  scenario(`test_message_to_fifo_sqs${parameter}`, async (aws) => {
    const TopicArn = await fifoTopic(aws, content);
    const queue = await fifoQueue(aws, content);
    await subscribe(aws, TopicArn, queue);
    await publishTwice(aws, queue, { TopicArn, ...message });
  });

  scenario(`test_fifo_topic_to_regular_sqs${parameter}`, async (aws) => {
    const TopicArn = await fifoTopic(aws, content);
    const queue = await aws.queue();
    await subscribe(aws, TopicArn, queue);
    await publishTwice(aws, queue, { TopicArn, ...message });
  });
}

scenario('test_publish_to_fifo_topic_deduplication_on_topic_level', async (aws) => {
  const TopicArn = await fifoTopic(aws, true);
  const queue = await fifoQueue(aws, false);
  await subscribe(aws, TopicArn, queue);
  for (const MessageGroupId of ['message-group-id-1', 'message-group-id-2']) {
    await aws.sns('Publish', { TopicArn, Message: 'Test', MessageGroupId });
  }
  aws.match('messages', await take(aws, queue, { AttributeNames }));
  aws.match('dedup-messages', await take(aws, queue, { AttributeNames }));
});

for (const [shown, raw] of Object.entries({ True: 'true', False: 'false' })) {
  scenario(`test_publish_to_fifo_topic_to_sqs_queue_no_content_dedup[${shown}]`, async (aws) => {
    const TopicArn = await fifoTopic(aws, true);
    const queue = await fifoQueue(aws, false);
    const subscription = await subscribe(aws, TopicArn, queue);
    await setAttribute(aws, subscription, 'RawMessageDelivery', raw);
    const MessageGroupId = 'message-group-id-1';
    const entry = { Id: '1', MessageGroupId, Message: 'Test batched' };
    for (const _ of ['first', 'duplicate']) {
      await aws.sns('Publish', { TopicArn, Message: 'Test single', MessageGroupId });
      await aws.sns('PublishBatch', { TopicArn, PublishBatchRequestEntries: [entry] });
    }
    aws.match('messages', { Messages: await takeAll(aws, queue) });
  });
}

scenario('test_validations_for_fifo', async (aws) => {
  const standard = await aws.topic();
  const fifo = await fifoTopic(aws, false);
  const queue = await aws.queue();
  const queueOfFifo = await fifoQueue(aws, false);
  const Endpoint = await aws.queueArn(queueOfFifo);
  const subscribeFifo = { TopicArn: standard, Protocol: 'sqs', Endpoint };
  aws.match('not-fifo-topic', await aws.snsError('Subscribe', subscribeFifo));
  const notFifo = await subscribe(aws, fifo, queue);
  aws.match('not-fifo-queue', (await attributesOf(aws, notFifo)).Attributes);
  const AttributeName = 'RedrivePolicy';
  const AttributeValue = JSON.stringify({ deadLetterTargetArn: await aws.queueArn(queue) });
  await setAttribute(aws, notFifo, AttributeName, AttributeValue);
  const SubscriptionArn = await subscribe(aws, fifo, queueOfFifo);
  const set = { SubscriptionArn, AttributeName, AttributeValue };
  const refused = await aws.snsError('SetSubscriptionAttributes', set);
  aws.match('regular-queue-for-dlq-of-fifo-topic', refused);
  const publications = {
    'no-msg-group-id': { TopicArn: fifo },
    'no-dedup-policy': { TopicArn: fifo, MessageGroupId: 'group' },
    'no-msg-dedup-regular-topic': { TopicArn: standard, MessageDeduplicationId: 'dedup' },
  };
  for (const [key, params] of Object.entries(publications)) {
    aws.match(key, await aws.snsError('Publish', { ...params, Message: 'test' }));
  }
});

// Nothing of this scenario was recorded but that every queue has the order of the publications.
scenario('test_message_to_fifo_sqs_ordering', async (aws) => {
  const TopicArn = await fifoTopic(aws, true);
  const queues = [];
  for (let index = 0; index < 5; index += 1) {
    const queue = await fifoQueue(aws, true);
    await subscribe(aws, TopicArn, queue, { RawMessageDelivery: 'true' });
    queues.push(queue);
  }
  const bodies = Array.from({ length: 10 }, (_, index) => String(index));
  for (const Message of bodies) {
    await aws.sns('Publish', { TopicArn, Message, MessageGroupId: 'message-group-id-1' });
  }
  for (const queue of queues) {
    expect((await takeAll(aws, queue)).map(({ Body }) => Body)).toEqual(bodies);
  }
});

/** The three messages of the recorded batches. */
function batch(dedupId: (index: number) => string | undefined): object[] {
  const number = (StringValue: string) => ({ DataType: 'Number', StringValue });
  const contents = [
    {
      Message: 'Test Message with two attributes',
      MessageAttributes: { attr1: number('99.12'), attr2: number('109.12') },
    },
    {
      Message: 'Test Message with one attribute',
      MessageAttributes: { attr1: number('19.12') },
    },
    { Message: 'Test Message without attribute' },
  ];
  return contents.map((content, index) => ({
    Id: `${index + 1}`,
    MessageGroupId: 'complexMessageGroupId',
    Subject: 'Subject',
    ...content,
    MessageDeduplicationId: dedupId(index),
  }));
}

for (const content of [true, false]) {
  const parameter = content ? 'True' : 'False';
  const name = `test_publish_batch_messages_from_fifo_topic_to_fifo_queue[${parameter}]`;
  scenario(name, async (aws) => {
    const TopicArn = await fifoTopic(aws, content);
    aws.match('topic-attrs', await aws.sns('GetTopicAttributes', { TopicArn }));
    const queue = await fifoQueue(aws, content);
    const subscription = await subscribe(aws, TopicArn, queue);
    await setAttribute(aws, subscription, 'RawMessageDelivery', 'true');
    aws.match('sub-attrs-raw-true', await attributesOf(aws, subscription));
    const PublishBatchRequestEntries = batch((index) =>
      content ? undefined : `MessageDeduplicationId-${index}`,
    );
    const publish = () => aws.sns('PublishBatch', { TopicArn, PublishBatchRequestEntries });
    aws.match('publish-batch-response-fifo', await publish());
    aws.match('messages', { Messages: await takeAll(aws, queue) });
    aws.match('republish-batch-response-fifo', await publish());
    aws.match('duplicate-messages', await take(aws, queue, everything));
  });
}

for (const [shown, raw] of Object.entries({ True: 'true', False: 'false' })) {
  scenario(`test_publish_fifo_messages_to_dlq[${shown}]`, async (aws) => {
    const TopicArn = await fifoTopic(aws, false);
    aws.match('topic-attrs', await aws.sns('GetTopicAttributes', { TopicArn }));
    const queue = await fifoQueue(aws, false);
    const subscription = await subscribe(aws, TopicArn, queue);
    await setAttribute(aws, subscription, 'RawMessageDelivery', raw);
    const deadLetters = await fifoQueue(aws, false);
    const policy = JSON.stringify({ deadLetterTargetArn: await aws.queueArn(deadLetters) });
    await setAttribute(aws, subscription, 'RedrivePolicy', policy);
    await aws.sqs('DeleteQueue', { QueueUrl: queue });
    const PublishBatchRequestEntries = batch((index) => `MessageDeduplicationId-${index + 1}`);
    const batched = await aws.sns('PublishBatch', { TopicArn, PublishBatchRequestEntries });
    aws.match('publish-batch-response-fifo', batched);
    aws.match('batch-messages-in-dlq', { Messages: await takeAll(aws, deadLetters) });
    const published = await aws.sns('Publish', {
      TopicArn,
      Message: 'test-message',
      MessageGroupId: 'message-group-id-1',
      MessageDeduplicationId: 'message-deduplication-id-1',
    });
    aws.match('publish-response-fifo', published);
    aws.match('messages-in-dlq', { Messages: await takeAll(aws, deadLetters) });
  });
}
