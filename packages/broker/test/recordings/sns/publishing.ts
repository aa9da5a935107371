import { scenario } from '../harness.ts';
import { parseXml } from '../xml.ts';
import { receive, subscribe, subscribedQueue, take } from './steps.ts';

scenario('test_publish_by_path_parameters', async (aws) => {
  const { topic, queue } = await subscribedQueue(aws);
  const parameters = new URLSearchParams({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: topic,
    Message: 'test message direct post request',
  });
  const response = await fetch(`${aws.endpoint}/?${parameters}`, { method: 'POST' });
  const [result] = parseXml(await response.text()).children;
  aws.match('post-request', {
    PublishResponse: {
      PublishResult: { MessageId: result?.children[0]?.text },
      ResponseMetadata: { HTTPStatusCode: response.status },
    },
  });
  aws.match('messages', await receive(aws, queue));
});

scenario('test_publish_wrong_arn_format', async (aws) => {
  const refused = {
    'invalid-topic-arn': 'randomstring',
    'invalid-topic-arn-1': 'randomstring:1',
    'empty-topic': '',
  };
  for (const [key, TopicArn] of Object.entries(refused)) {
    aws.match(key, await aws.snsError('Publish', { TopicArn, Message: 'Good news everyone!' }));
  }
});

scenario('test_publish_message_by_target_arn', async (aws) => {
  const { topic, queue } = await subscribedQueue(aws);
  await aws.sns('Publish', { TopicArn: topic, Message: 'test-msg-1' });
  aws.match('receive-topic-arn', await take(aws, queue));
  await aws.sns('Publish', { TargetArn: topic, Message: 'test-msg-2' });
  aws.match('receive-target-arn', await take(aws, queue));
});

scenario('test_publish_message_before_subscribe_topic', async (aws) => {
  const TopicArn = await aws.topic();
  const queue = await aws.queue();
  const early = { TopicArn, Subject: 'test-subject-before-sub', Message: 'test_message_before' };
  aws.match('publish-before-subscribing', await aws.sns('Publish', early));
  await subscribe(aws, TopicArn, queue);
  const late = { TopicArn, Subject: 'test-subject-after-sub', Message: 'test_message_after' };
  aws.match('publish-after-subscribing', await aws.sns('Publish', late));
  aws.match('receive-messages', await receive(aws, queue));
});

scenario('test_unknown_topic_publish', async (aws) => {
  const TopicArn = await aws.topic();
  const Message = 'This is a test message';
  aws.match('success', await aws.sns('Publish', { TopicArn, Message }));
  const unknown = { TopicArn: `${TopicArn}-fake`, Message };
  aws.match('error', await aws.snsError('Publish', unknown));
});

scenario('test_publish_non_existent_target', async (aws) => {
  const TargetArn = 'arn:aws:sns:us-east-1:000000000000:endpoint/APNS/abcdef/0f7d5971';
  const answer = await aws.snsError('Publish', {
    TargetArn,
    Message: 'This is a push notification',
  });
  aws.match('non-existent-endpoint', answer);
});

scenario('test_publish_with_empty_subject', async (aws) => {
  const TopicArn = await aws.topic();
  const Message = '{"message": "test_publish"}';
  aws.match('response-without-subject', await aws.sns('Publish', { TopicArn, Message }));
  const empty = await aws.snsError('Publish', { TopicArn, Message, Subject: '' });
  aws.match('response-with-empty-subject', empty);
});

scenario('test_empty_sns_message', async (aws) => {
  const { topic, queue } = await subscribedQueue(aws);
  aws.match('empty-msg-error', await aws.snsError('Publish', { TopicArn: topic, Message: '' }));
  const asked = { QueueUrl: queue, AttributeNames: ['ApproximateNumberOfMessages'] };
  aws.match('queue-attrs', await aws.sqs('GetQueueAttributes', asked));
});

const limit = 262_144;
const MessageAttributes = { attr1: { DataType: 'Number', StringValue: '1' } };
const attributeBytes = 'attr1Number1'.length;

scenario('test_publish_too_long_message', async (aws) => {
  const TopicArn = await aws.topic();
  const longer = { TopicArn, Message: 'a'.repeat(limit + 1) };
  aws.match('error', await aws.snsError('Publish', longer));
  const longest = 'a'.repeat(limit - attributeBytes);
  const withAttributes = { TopicArn, Message: `${longest}a`, MessageAttributes };
  aws.match('error-with-attrs', await aws.snsError('Publish', withAttributes));
  await aws.sns('Publish', { TopicArn, Message: longest, MessageAttributes });
});

scenario('test_publish_batch_too_long_message', async (aws) => {
  const TopicArn = await aws.topic();
  const batch = (first: object, second: object) => ({
    TopicArn,
    PublishBatchRequestEntries: [
      { Id: '1', ...first },
      { Id: '2', ...second },
    ],
  });
  const half = 'a'.repeat(limit / 2);
  const longer = batch({ Message: half }, { Message: `${half}b` });
  aws.match('error-no-attrs', await aws.snsError('PublishBatch', longer));
  const almost = 'a'.repeat(limit - attributeBytes);
  const withAttributes = batch({ Message: almost, MessageAttributes }, { Message: 'b' });
  aws.match('error-with-attrs', await aws.snsError('PublishBatch', withAttributes));
  const fits = batch({ Message: almost.slice(1), MessageAttributes }, { Message: 'b' });
  await aws.sns('PublishBatch', fits);
});

scenario('test_publish_batch_invalid_entry_id', async (aws) => {
  const TopicArn = await aws.topic();
  const batch = (Id: string) => ({
    TopicArn,
    PublishBatchRequestEntries: [{ Id, Message: 'test message' }],
  });
  const refused = {
    'invalid-char-dot': 'message.id',
    'invalid-char-special': 'msg@123#test',
    'id-too-long-81': 'a'.repeat(81),
    'id-too-long-91': `my${'really'.repeat(13)}longid`,
  };
  for (const [key, id] of Object.entries(refused)) {
    aws.match(key, await aws.snsError('PublishBatch', batch(id)));
  }
  aws.match('valid-id-80-chars', await aws.sns('PublishBatch', batch('a'.repeat(80))));
  const hyphen = await aws.sns('PublishBatch', batch('valid-message_123'));
  aws.match('valid-id-with-hyphen-underscore', hyphen);
});

scenario('test_message_structure_json_exc', async (aws) => {
  const TopicArn = await aws.topic();
  const message = (Message: string) => ({ TopicArn, Message, MessageStructure: 'json' });
  const refused = {
    'missing-default-key': '{"sqs": "Test message"}',
    'invalid-json': '{"default": "This is a default message"} }',
    'key-is-not-string': '{"default": {"object": "test"}}',
  };
  for (const [key, text] of Object.entries(refused)) {
    aws.match(key, await aws.snsError('Publish', message(text)));
  }
  const twice = message('{"default": "This is a default message", "default": "Duplicate"}');
  aws.match('duplicate-json-keys', await aws.sns('Publish', twice));
});

scenario('test_publish_batch_messages_without_topic', async (aws) => {
  const TopicArn = `${await aws.topic()}fake-topic`;
  const PublishBatchRequestEntries = [{ Id: '1', Message: 'message', Subject: 'Subject' }];
  const answer = await aws.snsError('PublishBatch', { TopicArn, PublishBatchRequestEntries });
  aws.match('publish-batch-no-topic', answer);
});

scenario('test_publish_batch_exceptions', async (aws) => {
  const TopicArn = await aws.topic({ FifoTopic: 'true' });
  const entry = (Id: string) => ({ Id, Message: 'message' });
  const refused = {
    'no-group-id': [entry('1')],
    'too-many-msg': Array.from({ length: 11 }, (_, index) => entry(`Id_${index}`)),
    'same-msg-id': [entry('1'), entry('1')],
    'no-dedup-id': [{ ...entry('1'), MessageGroupId: 'msg1' }],
    'no-default-key-json': [{ Id: '1', Message: '{"sqs": "test sqs"}', MessageStructure: 'json' }],
  };
  for (const [key, PublishBatchRequestEntries] of Object.entries(refused)) {
    const answer = await aws.snsError('PublishBatch', { TopicArn, PublishBatchRequestEntries });
    aws.match(key, answer);
  }
});
