import { verify, X509Certificate } from 'node:crypto';
import { expect } from '@jest/globals';
import { scenario } from '../harness.ts';
import {
  attributesOf,
  byBody,
  everything,
  filterBy,
  receive,
  setAttribute,
  subscribe,
  subscribedQueue,
  take,
  takeAll,
} from './steps.ts';

scenario('test_subscribe_sqs_queue', async (aws) => {
  const { topic, queue, subscription } = await subscribedQueue(aws);
  await filterBy(aws, subscription, { attr1: [{ numeric: ['>', 0, '<=', 100] }] });
  aws.match('subscription-attributes', await attributesOf(aws, subscription));
  await aws.sns('Publish', {
    TopicArn: topic,
    Message: 'This is a test message',
    MessageAttributes: { attr1: { DataType: 'Number', StringValue: '99.12' } },
  });
  aws.match('messages', await receive(aws, queue, { MessageAttributeNames: ['All'] }));
});

scenario('test_publish_unicode_chars', async (aws) => {
  const { topic, queue } = await subscribedQueue(aws);
  await aws.sns('Publish', { TopicArn: topic, Message: 'ö§a1"_!?,. £$-' });
  aws.match('received-message', await receive(aws, queue));
});

scenario('test_attribute_raw_subscribe', async (aws) => {
  const { topic, queue, subscription } = await subscribedQueue(aws, { RawMessageDelivery: 'true' });
  aws.match('subscription-attributes', await attributesOf(aws, subscription));
  await aws.sns('Publish', {
    TopicArn: topic,
    Message: 'This is a test message',
    MessageAttributes: { store: { DataType: 'Binary', BinaryValue: Buffer.from([2, 3, 4]) } },
  });
  aws.match('messages-response', await receive(aws, queue, { MessageAttributeNames: ['All'] }));
});

scenario('test_publish_sqs_from_sns', async (aws) => {
  const { topic, queue, subscription } = await subscribedQueue(aws);
  for (const [raw, StringValue] of Object.entries({ true: '99.12', false: '100.12' })) {
    await setAttribute(aws, subscription, 'RawMessageDelivery', raw);
    aws.match(`sub-attrs-raw-${raw}`, await attributesOf(aws, subscription));
    await aws.sns('Publish', {
      [raw === 'true' ? 'TopicArn' : 'TargetArn']: topic,
      Message: 'Test msg',
      MessageAttributes: { attr1: { DataType: 'Number', StringValue } },
    });
    const received = await take(aws, queue, { MessageAttributeNames: ['All'] });
    aws.match(`message-raw-${raw}`, received);
  }
});

scenario('test_publish_batch_messages_from_sns_to_sqs', async (aws) => {
  const { topic, queue, subscription } = await subscribedQueue(aws);
  await setAttribute(aws, subscription, 'RawMessageDelivery', 'true');
  aws.match('sub-attrs-raw-true', await attributesOf(aws, subscription));
  const number = (StringValue: string) => ({ DataType: 'Number', StringValue });
  const Subject = 'Subject';
  const structured = '{"default": "test default", "sqs": "test sqs"}';
  const entries = [
    {
      Message: 'Test Message with two attributes',
      Subject,
      MessageAttributes: { attr1: number('99.12'), attr2: number('109.12') },
    },
    {
      Message: 'Test Message with one attribute',
      Subject,
      MessageAttributes: { attr1: number('19.12') },
    },
    { Message: 'Test Message without attribute', Subject },
    { Message: 'Test Message without subject' },
    { Message: structured, MessageStructure: 'json' },
  ];
  const published = await aws.sns('PublishBatch', {
    TopicArn: topic,
    PublishBatchRequestEntries: entries.map((entry, index) => ({ Id: `${index + 1}`, ...entry })),
  });
  aws.match('publish-batch', published);
  aws.match('messages', { Messages: byBody(await takeAll(aws, queue)) });
});

scenario('test_publish_sqs_from_sns_with_xray_propagation', async (aws) => {
  const { topic, queue } = await subscribedQueue(aws);
  const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';
  const message = { TargetArn: topic, Message: 'X-Ray propagation test msg' };
  await aws.sns('Publish', message, { 'X-Amzn-Trace-Id': trace });
  const AttributeNames = ['SentTimestamp', 'AWSTraceHeader'];
  const { Messages } = await receive(aws, queue, { AttributeNames });
  aws.match('xray-msg', Messages?.[0]);
});

scenario('test_publish_message_group_id', async (aws) => {
  const { topic, queue } = await subscribedQueue(aws);
  await aws.sns('Publish', {
    TopicArn: topic,
    Message: 'test signature value with attributes',
    MessageGroupId: 'my-group-id-1',
    MessageAttributes: { attr1: { DataType: 'Number', StringValue: '1' } },
  });
  aws.match('messages', await receive(aws, queue, everything));
});

scenario('test_message_structure_json_to_sqs', async (aws) => {
  const { topic, queue } = await subscribedQueue(aws);
  const messages = {
    'get-msg-json-sqs': { default: 'default field', sqs: '{"field": "value"}' },
    'get-msg-json-default': { default: 'default field', sqs: { field: 'value' } },
  };
  for (const [key, texts] of Object.entries(messages)) {
    const Message = JSON.stringify(texts);
    await aws.sns('Publish', { TopicArn: topic, Message, MessageStructure: 'json' });
    aws.match(key, await take(aws, queue));
  }
});

for (const [version, digest] of Object.entries({ 1: 'sha1', 2: 'sha256' })) {
  scenario(`test_publish_sqs_verify_signature[${version}]`, async (aws) => {
    const topic = await aws.topic({ DisplayName: 'Signed', SignatureVersion: version });
    const queue = await aws.queue();
    await subscribe(aws, topic, queue);
    await aws.sns('Publish', {
      TopicArn: topic,
      Message: 'test signature value with attributes',
      MessageAttributes: { attr1: { DataType: 'Number', StringValue: '1' } },
    });
    const received = await receive(aws, queue, everything);
    aws.match('messages', received);
    const message: Record<string, string> = JSON.parse(received.Messages?.[0]?.Body ?? '');
    const fields = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'];
    const text = fields.map((field) => `${field}\n${message[field]}\n`).join('');
    const pem = await (await fetch(message.SigningCertURL ?? '')).text();
    const signature = Buffer.from(message.Signature ?? '', 'base64');
    const { publicKey } = new X509Certificate(pem);
    expect(verify(digest, Buffer.from(text), publicKey, signature)).toBe(true);
  });
}
