import { scenario } from '../harness.ts';
import { everything, setAttribute, subscribedQueue, take } from './steps.ts';

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

scenario('test_message_attributes_not_missing', async (aws) => {
  const { topic, queue, subscription } = await subscribedQueue(aws);
  const message = {
    TopicArn: topic,
    Message: 'text',
    MessageAttributes: {
      'an-attribute-key': text('an-attribute-value'),
      'binary-attribute': { DataType: 'Binary', BinaryValue: Buffer.from([2, 3, 4]) },
    },
  };
  for (const [kind, raw] of Object.entries({ raw: 'true', json: 'false' })) {
    await setAttribute(aws, subscription, 'RawMessageDelivery', raw);
    aws.match(`publish-msg-${kind}`, await aws.sns('Publish', message));
    aws.match(`${kind}-delivery-msg-attrs`, await take(aws, queue, everything));
  }
});

scenario('test_empty_or_wrong_message_attributes', async (aws) => {
  const TopicArn = await aws.topic();
  const bytes = Buffer.from('123');
  const wrong = {
    missing_string_attr: { attr1: text('') },
    fully_missing_string_attr: { attr1: { DataType: 'String' } },
    fully_missing_data_type: { attr1: { StringValue: 'value' } },
    missing_binary_attr: { attr1: { DataType: 'Binary', BinaryValue: Buffer.alloc(0) } },
    str_attr_binary_value: { attr1: { DataType: 'String', BinaryValue: bytes } },
    int_attr_binary_value: { attr1: { DataType: 'Number', BinaryValue: bytes } },
    binary_attr_string_value: { attr1: { DataType: 'Binary', StringValue: '123' } },
    invalid_attr_string_value: { attr1: { DataType: 'InvalidType', StringValue: '123' } },
    too_long_name: { ['a'.repeat(257)]: text('123') },
    invalid_name: { 'a^*?': text('123') },
    invalid_name_2: { '.abc': text('123') },
    invalid_name_3: { 'abc.': text('123') },
    invalid_name_4: { 'a..bc': text('123') },
  };
  for (const [key, MessageAttributes] of Object.entries(wrong)) {
    const alone = { TopicArn, Message: 'test message', MessageAttributes };
    aws.match(key, await aws.snsError('Publish', alone));
    const PublishBatchRequestEntries = [
      { Id: '1', Message: 'test-batch', MessageAttributes },
      { Id: '3', Message: 'valid-batch' },
    ];
    const batch = await aws.snsError('PublishBatch', { TopicArn, PublishBatchRequestEntries });
    aws.match(`batch-${key}`, batch);
  }
});

scenario('test_message_attributes_prefixes', async (aws) => {
  const TopicArn = await aws.topic();
  const message = (DataType: string) => ({
    TopicArn,
    Message: 'test message',
    MessageAttributes: { attr1: { DataType, StringValue: 'prefixed-1' } },
  });
  aws.match('publish-error', await aws.snsError('Publish', message('String.')));
  aws.match('publish-error-2', await aws.snsError('Publish', message('Stringprefixed')));
  aws.match('publish-ok-1', await aws.sns('Publish', message('String.prefixed')));
  aws.match('publish-ok-2', await aws.sns('Publish', message('String.  prefixed.')));
});
