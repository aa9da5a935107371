import { type Aws, scenario } from '../harness.ts';
import {
  attributesOf,
  everything,
  setAttribute,
  subscribe,
  subscribedQueue,
  take,
} from './steps.ts';

/** Sets the dead-letter queue of a subscription, and answers the queue's URL. */
async function deadLetterQueue(aws: Aws, subscription: string): Promise<string> {
  const queue = await aws.queue();
  const policy = JSON.stringify({ deadLetterTargetArn: await aws.queueArn(queue) });
  await setAttribute(aws, subscription, 'RedrivePolicy', policy);
  return queue;
}

for (const [shown, raw] of Object.entries({ True: 'true', False: 'false' })) {
  scenario(`test_redrive_policy_sqs_queue_subscription[${shown}]`, async (aws) => {
    const { topic, queue, subscription } = await subscribedQueue(aws);
    const deadLetters = await deadLetterQueue(aws, subscription);
    await setAttribute(aws, subscription, 'RawMessageDelivery', raw);
    await aws.sqs('DeleteQueue', { QueueUrl: queue });
    await aws.sns('Publish', {
      TopicArn: topic,
      Message: 'test_dlq_after_sqs_endpoint_deleted',
      MessageAttributes: {
        attr1: { DataType: 'Number', StringValue: '111' },
        attr2: { DataType: 'Binary', BinaryValue: Buffer.from([2, 3, 4]) },
      },
    });
    aws.match('messages', await take(aws, deadLetters, everything));
  });
}

scenario('test_subscription_after_failure_to_deliver', async (aws) => {
  const { topic: TopicArn, queue, subscription } = await subscribedQueue(aws);
  aws.match('subscriptions-attrs', await attributesOf(aws, subscription));
  await aws.sns('Publish', { TopicArn, Message: 'test_dlq_before_sqs_endpoint_deleted' });
  aws.match('messages-before-delete', await take(aws, queue));
  await aws.sqs('DeleteQueue', { QueueUrl: queue });
  // Without a dead-letter queue the next one is lost; the subscription stays.
  const SubscriptionArn = await subscribe(aws, TopicArn, await aws.queue());
  await aws.sns('Publish', { TopicArn, Message: 'test_dlq_after_sqs_endpoint_deleted' });
  await aws.sns('Unsubscribe', { SubscriptionArn });
  aws.match('subscriptions', await aws.sns('ListSubscriptionsByTopic', { TopicArn }));
  const deadLetters = await deadLetterQueue(aws, subscription);
  aws.match('subscriptions-attrs-with-redrive', await attributesOf(aws, subscription));
  for (const index of [0, 1]) {
    const Message = `test_dlq_after_sqs_endpoint_deleted_${index}`;
    await aws.sns('Publish', { TopicArn, Message });
    aws.match(`message-${index}-after-delete`, await take(aws, deadLetters));
  }
});
