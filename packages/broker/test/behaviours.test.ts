import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

// The behaviours of SQS that emulators get wrong, each as AWS documents or was recorded to do it.

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.start();
});
afterEach(() => harness.remove());

async function createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  const { QueueUrl } = await harness.sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { ...fifo, ...attributes } }),
  );
  return QueueUrl ?? '';
}

function send(QueueUrl: string, MessageBody: string, group?: string, dedup = MessageBody) {
  const fifo = group ? { MessageGroupId: group, MessageDeduplicationId: dedup } : {};
  return harness.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...fifo }));
}

async function receive(QueueUrl: string, max = 10, wait = 0) {
  const answer = await harness.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: wait,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return answer.Messages ?? [];
}

const bodies = (messages: { Body?: string | undefined }[]) => messages.map(({ Body }) => Body);
const remove = (QueueUrl: string, ReceiptHandle: string | undefined) =>
  harness.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

describe('1: an expired handle of a standard queue', () => {
  test('still deletes the message, twice, while garbage is refused', async () => {
    const url = await createQueue('jobs', { VisibilityTimeout: '5' });
    await send(url, 'one');
    const [message] = await receive(url);
    harness.advance(6);
    await remove(url, message?.ReceiptHandle);
    await remove(url, message?.ReceiptHandle);
    expect(await receive(url)).toEqual([]);
    await expect(remove(url, 'garbage')).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('2: an expired handle of a FIFO queue', () => {
  test('is refused, and one whose visibility was extended still works', async () => {
    const url = await createQueue('jobs.fifo', { VisibilityTimeout: '5' });
    await send(url, 'one', 'g');
    const [first] = await receive(url);
    harness.advance(6);
    await expect(remove(url, first?.ReceiptHandle)).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: `Value ${first?.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    });
    const [second] = await receive(url);
    await harness.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: second?.ReceiptHandle,
        VisibilityTimeout: 30,
      }),
    );
    harness.advance(20);
    await remove(url, second?.ReceiptHandle);
    harness.advance(20);
    expect(await receive(url)).toEqual([]);
  });
});

describe('3: a FIFO group', () => {
  test('gives several messages to one receive and none to another while any is in flight', async () => {
    const url = await createQueue('jobs.fifo');
    for (const body of ['1', '2', '3']) await send(url, body, 'g');
    const taken = await receive(url, 2);
    expect(bodies(taken)).toEqual(['1', '2']);
    expect(await receive(url)).toEqual([]);
    await remove(url, taken[0]?.ReceiptHandle);
    expect(await receive(url)).toEqual([]);
    const poll = receive(url, 10, 20);
    await remove(url, taken[1]?.ReceiptHandle);
    expect(bodies(await poll)).toEqual(['3']);
  });
});

describe('4: extending one message of a FIFO group', () => {
  test.each([
    [0, []],
    [1, ['foo']],
    [2, ['foo', 'bar']],
  ])('the %i-th of three: only those before it return', async (index, returned) => {
    const url = await createQueue('jobs.fifo', { VisibilityTimeout: '5' });
    for (const body of ['foo', 'bar', 'baz']) await send(url, body, 'g');
    const taken = await receive(url, 3);
    await harness.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: taken[index]?.ReceiptHandle,
        VisibilityTimeout: 30,
      }),
    );
    harness.advance(6);
    expect(bodies(await receive(url))).toEqual(returned);
  });
});

describe('5: deduplication', () => {
  test('survives delete, holds across groups, ends after five minutes and with a purge', async () => {
    const url = await createQueue('jobs.fifo');
    const first = await send(url, 'one', 'g1', 'id');
    const [message] = await receive(url);
    await remove(url, message?.ReceiptHandle);
    const again = await send(url, 'two', 'g2', 'id');
    expect(again).toMatchObject({
      MessageId: first.MessageId,
      SequenceNumber: first.SequenceNumber,
    });
    expect(await receive(url)).toEqual([]);
    harness.advance(301);
    await send(url, 'three', 'g1', 'id');
    await harness.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    await send(url, 'four', 'g1', 'id');
    expect(bodies(await receive(url))).toEqual(['four']);
  });

  test('is kept across a restart, also of a message that was deleted', async () => {
    const url = await createQueue('jobs.fifo');
    await send(url, 'one', 'g', 'id');
    const [message] = await receive(url);
    await remove(url, message?.ReceiptHandle);
    await harness.restart();
    await send(url, 'two', 'g', 'id');
    expect(await receive(url)).toEqual([]);
  });

  test('of the scope messageGroup still sees sends of the scope queue, not the other way round', async () => {
    const perGroup = {
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    };
    const perQueue = { DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' };
    const set = (QueueUrl: string, Attributes: Record<string, string>) =>
      harness.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    const url = await createQueue('narrower.fifo');
    await send(url, '1', 'g1', 'id');
    await set(url, perGroup);
    await send(url, '2', 'g2', 'id');
    expect(bodies(await receive(url))).toEqual(['1']);
    const wider = await createQueue('wider.fifo', perGroup);
    await send(wider, '1', 'g1', 'id');
    await send(wider, '2', 'g2', 'id');
    await set(wider, perQueue);
    await send(wider, '3', 'g3', 'id');
    expect(bodies(await receive(wider))).toEqual(['1', '2', '3']);
  });
});

describe('6: an empty receive', () => {
  test('has no Messages key in JSON and an empty result element in XML', async () => {
    const url = await createQueue('jobs');
    expect((await harness.json('ReceiveMessage', { QueueUrl: url })).body).toEqual({});
    const { xml } = await harness.query({ Action: 'ReceiveMessage', QueueUrl: url });
    expect(xml).toContain('<ReceiveMessageResult></ReceiveMessageResult>');
  });
});

describe('7: errors', () => {
  test('pair the JSON type with the code of the Query protocol', async () => {
    const missing = await harness.json('GetQueueUrl', { QueueName: 'nobody' });
    expect(missing.status).toBe(400);
    expect(missing.queryError).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(missing.body).toEqual({
      __type: 'com.amazonaws.sqs#QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
    const query = await harness.query({ Action: 'GetQueueUrl', QueueName: 'nobody' });
    expect(query.xml).toContain('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
    expect(query.xml).toContain('The specified queue does not exist for this wsdl version.');
  });

  test('a second purge within 60 s is refused with 403 when waiting times are on', async () => {
    await harness.close();
    await harness.open({ cooldowns: true });
    const url = await createQueue('jobs');
    await harness.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    const again = await harness.json('PurgeQueue', { QueueUrl: url });
    expect(again.status).toBe(403);
    expect(again.queryError).toBe('AWS.SimpleQueueService.PurgeQueueInProgress;Sender');
  });
});

describe('8: batches', () => {
  const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });

  test.each([
    [
      'eleven entries',
      [...Array(11).keys()].map((id) => entry(String(id))),
      'TooManyEntriesInBatchRequest',
    ],
    ['a bad id', [entry('a b')], 'InvalidBatchEntryId'],
    ['a repeated id', [entry('a'), entry('a')], 'BatchEntryIdsNotDistinct'],
    ['more than 1 MiB', [entry('a', 'x'.repeat(1_048_576)), entry('b')], 'BatchRequestTooLong'],
    ['nothing', [], 'EmptyBatchRequest'],
  ])('with %s fail as a whole', async (_, Entries, name) => {
    const QueueUrl = await createQueue('jobs');
    const sent = harness.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await expect(sent).rejects.toMatchObject({ name });
    expect(await receive(QueueUrl)).toEqual([]);
  });

  test('to a FIFO queue without a group fail as a whole', async () => {
    const QueueUrl = await createQueue('jobs.fifo');
    const Entries = [{ ...entry('a'), MessageDeduplicationId: 'd' }];
    const sent = harness.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await expect(sent).rejects.toThrow('The request must contain the parameter MessageGroupId.');
  });

  test('report one oversized entry beside the others, and leave out an empty Failed', async () => {
    const QueueUrl = await createQueue('jobs', { MaximumMessageSize: '1024' });
    const Entries = [entry('big', 'x'.repeat(1025)), entry('small')];
    const mixed = await harness.json('SendMessageBatch', { QueueUrl, Entries });
    expect(mixed.status).toBe(200);
    expect(mixed.body.Failed).toMatchObject([{ Id: 'big', SenderFault: true }]);
    expect(mixed.body.Successful).toMatchObject([{ Id: 'small' }]);
    const good = await harness.json('SendMessageBatch', { QueueUrl, Entries: [entry('small')] });
    expect(Object.keys(good.body)).toEqual(['Successful']);
  });
});

describe('9: MD5OfMessageAttributes', () => {
  test('covers the attributes that are returned, with type byte 2 for binary', async () => {
    const QueueUrl = await createQueue('jobs', { VisibilityTimeout: '0' });
    const MessageAttributes = {
      Hello: { DataType: 'String', StringValue: 'There' },
      General: { DataType: 'String', StringValue: 'Kenobi' },
      'Help.Me': { DataType: 'String', StringValue: 'Me' },
    };
    const sent = await harness.sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'msg', MessageAttributes }),
    );
    // Recorded from AWS.
    expect(sent.MD5OfMessageAttributes).toBe('4c360f3fdafd970e05fae2f149d997f5');
    const md5Of = async (...MessageAttributeNames: string[]) => {
      const { body } = await harness.json('ReceiveMessage', { QueueUrl, MessageAttributeNames });
      const [message] = body.Messages as Record<string, unknown>[];
      return message?.MD5OfMessageAttributes;
    };
    expect(await md5Of('All')).toBe('4c360f3fdafd970e05fae2f149d997f5');
    expect(await md5Of('General', 'Hello')).toBe('fca026605781cb4126a1e9044df24232');
    expect(await md5Of('Hello', 'Foo')).toBe('a311262e065454b75da111d535b8dacd');
    expect(await md5Of('Foo')).toBeUndefined();
    const binary = await harness.sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'test',
        MessageAttributes: {
          attr1: {
            DataType: 'Binary',
            BinaryValue: Buffer.from(
              'traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01',
            ),
          },
        },
      }),
    );
    expect(binary.MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
  });
});

describe('10: a dead letter', () => {
  test('moves on the receive after maxReceiveCount and keeps its identity', async () => {
    const deadUrl = await createQueue('dead');
    const url = await createQueue('jobs', {
      VisibilityTimeout: '5',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
        maxReceiveCount: 1,
      }),
    });
    const { MessageId } = await send(url, 'poison');
    await receive(url);
    harness.advance(6);
    expect(await receive(deadUrl)).toEqual([]);
    expect(await receive(url)).toEqual([]);
    const [dead] = await receive(deadUrl);
    expect(dead).toMatchObject({
      MessageId,
      Attributes: {
        ApproximateReceiveCount: '2',
        DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
      },
    });
  });

  test('also when every attempt takes the broker with it', async () => {
    const deadUrl = await createQueue('dead');
    const url = await createQueue('jobs', {
      VisibilityTimeout: '5',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
        maxReceiveCount: 2,
      }),
    });
    await send(url, 'poison');
    for (const attempt of [1, 2]) {
      const [message] = await receive(url);
      expect(message?.Attributes?.ApproximateReceiveCount).toBe(String(attempt));
      await harness.restart();
      harness.advance(6);
    }
    expect(await receive(url)).toEqual([]);
    await harness.restart();
    const [dead] = await receive(deadUrl);
    expect(dead?.Attributes).toMatchObject({
      ApproximateReceiveCount: '3',
      DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
    });
  });
});

describe('11: delay in a FIFO queue', () => {
  test('of a message is refused, 0 means the delay of the queue', async () => {
    const QueueUrl = await createQueue('jobs.fifo', { DelaySeconds: '2' });
    const message = {
      QueueUrl,
      MessageBody: 'x',
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
    };
    const delayed = harness.sqs.send(new SendMessageCommand({ ...message, DelaySeconds: 2 }));
    await expect(delayed).rejects.toThrow(
      'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    );
    await harness.sqs.send(new SendMessageCommand({ ...message, DelaySeconds: 0 }));
    expect(await receive(QueueUrl)).toEqual([]);
    harness.advance(3);
    expect(bodies(await receive(QueueUrl))).toEqual(['x']);
  });
});

describe('12: purge and attributes', () => {
  test('a purge drops waiting, delayed and in-flight messages, and stays after a restart', async () => {
    const url = await createQueue('jobs', { VisibilityTimeout: '5' });
    await send(url, 'in flight');
    await receive(url);
    await send(url, 'waiting');
    await harness.sqs.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: 'delayed', DelaySeconds: 5 }),
    );
    expect(harness.broker.queues()).toEqual([
      { name: 'jobs', waiting: 1, inFlight: 1, delayed: 1 },
    ]);
    await harness.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    await harness.restart();
    harness.advance(10);
    expect(await receive(url)).toEqual([]);
  });

  test('a new standard queue has exactly 12 attributes', async () => {
    const QueueUrl = await createQueue('jobs');
    const { Attributes } = await harness.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Object.keys(Attributes ?? {})).toHaveLength(12);
    expect(Attributes).toMatchObject({
      MaximumMessageSize: '1048576',
      SqsManagedSseEnabled: 'true',
    });
  });
});

describe('a restart', () => {
  test('keeps the lease of a message in flight and its receipt handle', async () => {
    const url = await createQueue('jobs', { VisibilityTimeout: '30' });
    await send(url, 'one');
    await send(url, 'two');
    const [one] = await receive(url, 1);
    await harness.restart();
    expect(bodies(await receive(url))).toEqual(['two']);
    await harness.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: one?.ReceiptHandle,
        VisibilityTimeout: 60,
      }),
    );
    harness.advance(40);
    expect(bodies(await receive(url))).toEqual(['two']);
    await remove(url, one?.ReceiptHandle);
    harness.advance(100);
    expect(bodies(await receive(url))).toEqual(['two']);
  });
});

describe('long polls', () => {
  test('are served oldest first', async () => {
    const url = await createQueue('jobs');
    const first = receive(url, 1, 20);
    // The order of arrival is the order of the connections' requests, so wait for the first to be in.
    await new Promise((resolve) => setImmediate(resolve));
    await expect(harness.json('GetQueueUrl', { QueueName: 'jobs' })).resolves.toBeDefined();
    const second = receive(url, 1, 20);
    await expect(harness.json('GetQueueUrl', { QueueName: 'jobs' })).resolves.toBeDefined();
    await send(url, 'a');
    expect(bodies(await first)).toEqual(['a']);
    await send(url, 'b');
    expect(bodies(await second)).toEqual(['b']);
  });
});
