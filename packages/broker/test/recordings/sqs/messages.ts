import { expect } from '@jest/globals';
import { type Aws, messageOf, onBothProtocols, scenario } from '../harness.ts';

// What a message carries, and what of it is returned.

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

onBothProtocols('test_send_message_with_binary_attributes', async (aws) => {
  const url = await aws.queue();
  const BinaryValue = Buffer.from(
    'traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01',
  );
  const attr1 = { DataType: 'Binary', BinaryValue };
  const sent = await aws.send(url, 'test', { MessageAttributes: { attr1 } });
  const received = await aws.receive(url, { MessageAttributeNames: ['All'] });
  aws.match('binary-attrs-msg', received);
  expect(messageOf(received).MessageId).toBe(sent.MessageId);
  expect(messageOf(received).MessageAttributes).toEqual({ attr1 });
});

onBothProtocols('test_send_message_with_empty_string_attribute', async (aws) => {
  const QueueUrl = await aws.queue();
  const MessageAttributes = { ErrorDetails: text('') };
  const message = { QueueUrl, MessageBody: 'test', MessageAttributes };
  aws.match('empty-string-attr', await aws.sqsError('SendMessage', message));
});

onBothProtocols('test_receive_message_message_attribute_names_filters', async (aws) => {
  const url = await aws.queue({ VisibilityTimeout: '0' });
  const MessageAttributes = {
    'Help.Me': text('Me'),
    Hello: text('There'),
    General: text('Kenobi'),
  };
  aws.match('send_message_response', await aws.send(url, 'msg', { MessageAttributes }));
  const select = (...names: string[]) => aws.receive(url, { MessageAttributeNames: names });
  aws.match('empty_filter', await select());
  aws.match('all_name', await select('All'));
  const selections: Record<string, string[]> = {
    all_wildcard_asterisk: ['*'],
    all_wildcard: ['.*'],
    only_non_existing_names: ['Foo', 'Help'],
    only_existing: ['Hello', 'General'],
    existing_and_non_existing: ['Foo', 'Hello'],
    prefix_filter: ['Hel.*'],
  };
  for (const [key, names] of Object.entries(selections)) {
    aws.match(key, messageOf(await select(...names)));
  }
  aws.match('illegal_name_1', await select('AWS.'));
  aws.match('illegal_name_2', await select('..foo'));
});

async function sentWithAttribute(aws: Aws): Promise<string> {
  const url = await aws.queue({ VisibilityTimeout: '0' });
  await aws.send(url, 'msg', { MessageAttributes: { Foo: text('Bar') } });
  return url;
}

for (const [name, parameter] of [
  ['test_receive_message_attribute_names_filters', 'AttributeNames'],
  ['test_receive_message_message_system_attribute_names_filters', 'MessageSystemAttributeNames'],
] as const) {
  onBothProtocols(name, async (aws) => {
    const url = await sentWithAttribute(aws);
    const select = (names: string[], MessageAttributeNames: string[] = []) =>
      aws.receive(url, { [parameter]: names, MessageAttributeNames });
    aws.match('all_attributes', await select(['All']));
    aws.match('all_system_and_message_attributes', await select(['All'], ['All']));
    aws.match('single_attribute', await select(['SenderId']));
    aws.match('multiple_attributes', await select(['SenderId', 'SequenceNumber']));
  });
}

onBothProtocols('test_message_system_attribute_names_with_attribute_names', async (aws) => {
  const url = await sentWithAttribute(aws);
  const select = (...AttributeNames: string[]) =>
    aws.receive(url, { MessageSystemAttributeNames: ['All'], AttributeNames });
  aws.match('same_values', await select('All'));
  aws.match('different_values', await select('SenderId'));
});

onBothProtocols('test_aws_trace_header_propagation', async (aws) => {
  const url = await aws.queue();
  const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';
  const timestamp = { DataType: 'Number', StringValue: '1493147359900' };
  const message = { QueueUrl: url, MessageBody: 'test', MessageAttributes: { timestamp } };
  await aws.sqs('SendMessage', message, { 'X-Amzn-Trace-Id': trace });
  const names = {
    AttributeNames: ['SentTimestamp', 'AWSTraceHeader'],
    MessageAttributeNames: ['All'],
  };
  aws.match('xray-msg', messageOf(await aws.receive(url, names)));
});

onBothProtocols('test_fair_queue_with_message_group_id', async (aws) => {
  const url = await aws.queue();
  aws.match('send_message', await aws.send(url, 'message', { MessageGroupId: 'test' }));
  const received = await aws.receive(url, { AttributeNames: ['All'] });
  aws.match('get-message-with-deduplication-id', received);
});

const invalidIds = { empty: '', too_long: 'a'.repeat(129), spaces: 'group 123' };

for (const [kind, id] of Object.entries(invalidIds)) {
  scenario(
    `test_send_message_to_standard_queue_with_invalid_message_group_id[${kind}]`,
    async (aws) => {
      const QueueUrl = await aws.queue();
      const message = { QueueUrl, MessageBody: 'message', MessageGroupId: id };
      aws.match('error-response', await aws.sqsError('SendMessage', message));
    },
  );

  scenario(`test_message_deduplication_id_invalid[${kind}]`, async (aws) => {
    const QueueUrl = await aws.fifoQueue();
    const ids = { MessageGroupId: 'test', MessageDeduplicationId: id };
    const message = { QueueUrl, MessageBody: 'Hello World!', ...ids };
    aws.match('error-response', await aws.sqsError('SendMessage', message));
  });
}

scenario('test_message_deduplication_id_success', async (aws) => {
  const url = await aws.fifoQueue();
  const ids = { MessageGroupId: 'test', MessageDeduplicationId: 'a'.repeat(128) };
  const sent = await aws.send(url, 'Hello World!', ids);
  expect(messageOf(await aws.receive(url)).MessageId).toBe(sent.MessageId);
});
