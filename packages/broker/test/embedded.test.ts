import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

let harness: Harness;

beforeEach(async () => {
  harness = await Harness.start();
});

afterEach(() => harness.remove());

const headersOf = (action: string) => ({
  host: 'broker',
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `AmazonSQS.${action}`,
});

const call = (action: string, params: object, signal?: AbortSignal) =>
  harness.broker.request({
    url: '/',
    headers: headersOf(action),
    body: JSON.stringify(params),
    signal,
  });

test('a request within the process is answered as one over HTTP', async () => {
  const created = await call('CreateQueue', { QueueName: 'a' });
  expect(created.status).toBe(200);
  const { QueueUrl } = JSON.parse(created.body);
  expect(QueueUrl).toBe('http://broker/000000000000/a');
  for (const params of [{ QueueUrl }, { QueueUrl: 'http://broker/000000000000/b' }]) {
    const within = await call('GetQueueAttributes', { ...params, AttributeNames: ['QueueArn'] });
    const response = await fetch(harness.broker.url, {
      method: 'POST',
      headers: headersOf('GetQueueAttributes'),
      body: JSON.stringify({ ...params, AttributeNames: ['QueueArn'] }),
    });
    expect(within.status).toBe(response.status);
    expect(JSON.parse(within.body)).toEqual(await response.json());
    for (const name of ['content-type', 'x-amzn-query-error'])
      expect(within.headers[name] ?? null).toBe(response.headers.get(name));
  }
});

test('a caller that no longer waits takes no message', async () => {
  const { QueueUrl } = JSON.parse((await call('CreateQueue', { QueueName: 'a' })).body);
  const caller = new AbortController();
  const waiting = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }, caller.signal);
  caller.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await call('SendMessage', { QueueUrl, MessageBody: 'x' });
  const { Messages } = JSON.parse((await call('ReceiveMessage', { QueueUrl })).body);
  expect(Messages).toMatchObject([{ Body: 'x' }]);
});

test('a caller that has gone before it asks takes no message either', async () => {
  const { QueueUrl } = JSON.parse((await call('CreateQueue', { QueueName: 'a' })).body);
  await call('SendMessage', { QueueUrl, MessageBody: 'x' });
  const gone = AbortSignal.abort(new Error('gone'));
  await expect(call('ReceiveMessage', { QueueUrl }, gone)).rejects.toThrow('gone');
  expect(harness.broker.queues()).toMatchObject([{ waiting: 1, inFlight: 0 }]);
});

test('a caller that asks again and again with one signal leaves nothing on it', async () => {
  const { QueueUrl } = JSON.parse((await call('CreateQueue', { QueueName: 'a' })).body);
  const { signal } = new AbortController();
  const poll = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }, signal);
  await call('SendMessage', { QueueUrl, MessageBody: 'x' });
  await poll;
  await call('ReceiveMessage', { QueueUrl }, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a stopped broker answers that it has stopped, and keeps no long poll', async () => {
  const { QueueUrl } = JSON.parse((await call('CreateQueue', { QueueName: 'a' })).body);
  const { broker } = harness;
  const closing = broker.close();
  const poll = { QueueUrl, WaitTimeSeconds: 20 };
  expect((await call('ReceiveMessage', poll)).status).toBe(503);
  await closing;
  expect((await call('ReceiveMessage', poll)).status).toBe(503);
  await harness.open();
});
