import { expect } from '@jest/globals';
import { type Aws, messageOf, onBothProtocols } from '../harness.ts';

// Messages in flight, and receipt handles whose time is over.

onBothProtocols('test_delete_after_visibility_timeout', async (aws) => {
  const url = await aws.queue({ VisibilityTimeout: '1' });
  await aws.send(url, 'foobar');
  const message = messageOf(await aws.receive(url));
  aws.advance(1);
  await aws.delete(url, message);
  aws.match('delete_after_timeout_queue_empty', await aws.receive(url));
});

async function fifoWithOne(aws: Aws): Promise<string> {
  const url = await aws.fifoQueue({ VisibilityTimeout: '1', ContentBasedDeduplication: 'true' });
  await aws.send(url, 'foobar', { MessageGroupId: '1' });
  return url;
}

onBothProtocols('test_fifo_delete_after_visibility_timeout', async (aws) => {
  const QueueUrl = await fifoWithOne(aws);
  const received = await aws.receive(QueueUrl);
  aws.match('received_sqs_message', received);
  const { ReceiptHandle } = messageOf(received);
  aws.advance(1);
  const answer = await aws.sqsError('DeleteMessage', { QueueUrl, ReceiptHandle });
  aws.match('delete_after_timeout_fifo', answer);
});

onBothProtocols('test_fifo_delete_message_with_expired_receipt_handle', async (aws) => {
  const QueueUrl = await fifoWithOne(aws);
  const { ReceiptHandle } = messageOf(await aws.receive(QueueUrl));
  aws.advance(2);
  // Nothing was recorded here; the same call is in test_fifo_delete_after_visibility_timeout.
  const { Error: error } = await aws.sqsError('DeleteMessage', { QueueUrl, ReceiptHandle });
  expect(error?.Message).toMatch('Reason: The receipt handle has expired.');
});

onBothProtocols('test_fifo_delete_after_visibility_timeout_extended', async (aws) => {
  const QueueUrl = await fifoWithOne(aws);
  const received = await aws.receive(QueueUrl);
  aws.match('received_sqs_message', received);
  const { ReceiptHandle } = messageOf(received);
  const longer = { QueueUrl, ReceiptHandle, VisibilityTimeout: 5 };
  await aws.sqs('ChangeMessageVisibility', longer);
  aws.advance(1.5);
  await aws.delete(QueueUrl, messageOf(received));
  aws.match('delete_after_timeout_fifo_extended', await aws.receive(QueueUrl));
});

onBothProtocols(
  'test_change_message_visibility_after_visibility_timeout_expiration',
  async (aws) => {
    const QueueUrl = await aws.queue({ VisibilityTimeout: '1' });
    await aws.send(QueueUrl, 'test');
    const { ReceiptHandle } = messageOf(await aws.receive(QueueUrl));
    aws.advance(2);
    const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 2 };
    aws.match('visibility_timeout_expired', await aws.sqs('ChangeMessageVisibility', change));
  },
);

function extendOne(position: number) {
  return async (aws: Aws) => {
    const url = await aws.fifoQueue({ VisibilityTimeout: '1' });
    for (const body of ['foo', 'bar', 'baz']) {
      await aws.send(url, body, { MessageGroupId: '1', MessageDeduplicationId: body });
    }
    const five = { MaxNumberOfMessages: 5 };
    const received = await aws.receive(url, five);
    aws.match('receive_all_messages', received);
    const { ReceiptHandle } = messageOf(received, position);
    const longer = { QueueUrl: url, ReceiptHandle, VisibilityTimeout: 4 };
    await aws.sqs('ChangeMessageVisibility', longer);
    aws.advance(2.5);
    aws.match('some-messages-invisible', await aws.receive(url, five));
  };
}

// The scenario was recorded twice: at first its parameter told what is invisible then.
const parameters = [
  ['all-invisible', '0-visible'],
  ['1-invisible', '1-visible'],
  ['no-invisible', '2-visible'],
];
for (const [position, names] of parameters.entries()) {
  const name = 'test_fifo_group_visibility_extends_with_change_message_visibility';
  for (const parameter of names) onBothProtocols(name, extendOne(position), parameter);
}

async function counts(aws: Aws, QueueUrl: string) {
  const name = 'ApproximateNumberOfMessages';
  const AttributeNames = [name, `${name}NotVisible`, `${name}Delayed`];
  const { Attributes } = await aws.sqs('GetQueueAttributes', { QueueUrl, AttributeNames });
  return AttributeNames.map((attribute) => Number(Attributes?.[attribute]));
}

onBothProtocols('test_approximate_number_of_messages_not_visible', async (aws) => {
  const url = await aws.queue({ VisibilityTimeout: '5' });
  for (let sent = 1; sent <= 6; sent += 1) await aws.send(url, `message-${sent}`);
  await aws.receive(url);
  expect(await counts(aws, url)).toEqual([5, 1, 0]);
  aws.advance(5);
  expect(await counts(aws, url)).toEqual([6, 0, 0]);
});

onBothProtocols('test_fifo_approximate_number_of_messages_not_visible', async (aws) => {
  const url = await aws.fifoQueue({ ContentBasedDeduplication: 'True', VisibilityTimeout: '5' });
  for (let sent = 1; sent <= 6; sent += 1) {
    await aws.send(url, `message-${sent}`, { MessageGroupId: String(Math.ceil(sent / 2)) });
  }
  for (const group of ['1', '2']) {
    const names = { MessageSystemAttributeNames: ['MessageGroupId'] };
    const { Attributes } = messageOf(await aws.receive(url, names));
    expect(Attributes?.MessageGroupId).toBe(group);
  }
  expect(await counts(aws, url)).toEqual([4, 2, 0]);
  aws.advance(5);
  expect(await counts(aws, url)).toEqual([6, 0, 0]);
});
