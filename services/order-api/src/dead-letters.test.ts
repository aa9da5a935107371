import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type {
  DeadLetterQueues,
  DeadLetters,
  Problem,
  RedrivenDeadLetters,
} from '@spillway/contracts';
import { type Delivery, deadLetterQueueOf } from '@spillway/messaging';
import { ask, startTestApi, type TestApi } from './testing/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** Messages that the API's own consumers put aside, because they cannot be read. */
async function putAside(queue: string, bodies: readonly string[]): Promise<void> {
  const messages = bodies.map((body) => ({ body, attributes: { traceparent: `of ${body}` } }));
  await api.messaging.send(queue, messages);
  while ((await countOf(queue)) !== bodies.length);
}

const countOf = async (queue: string): Promise<number | undefined> =>
  (await ask<DeadLetterQueues>(`${api.url}/v1/dead-letters`)).body.queues.find(
    (found) => found.queue === queue,
  )?.count;

const show = async (queue: string, query = '') =>
  (await ask<DeadLetters>(`${api.url}/v1/dead-letters/${queue}${query}`)).body.messages;

const redrive = async (queue: string, body: unknown = {}) =>
  (await ask<RedrivenDeadLetters>(`${api.url}/v1/dead-letters/${queue}/redrive`, { body })).body;

const nextOf = (queue: string): Promise<Delivery> =>
  new Promise((resolve) => {
    const subscription = api.messaging.subscribe([queue], { concurrency: 1 }, async (delivery) => {
      resolve(delivery);
      await delivery.ack();
      void subscription.stop();
    });
  });

test('messages that were put aside are counted and shown, and stay', async () => {
  const queue = 'job-results';
  await putAside(queue, ['no JSON', '{"schemaVersion":1}']);
  const first = await show(queue);
  expect(first.map(({ body }) => body)).toEqual(
    expect.arrayContaining(['no JSON', { schemaVersion: 1 }]),
  );
  expect(first.find(({ body }) => body === 'no JSON')).toEqual({
    messageId: expect.any(String),
    body: 'no JSON',
    attributes: { traceparent: 'of no JSON' },
    attempts: expect.any(Number),
    reason: 'The body is not JSON',
    sentAt: expect.any(String),
    ageSeconds: expect.any(Number),
  });
  expect(await countOf(queue)).toBe(2);
  expect(await show(queue, '?limit=1')).toHaveLength(1);
  const again = await show(queue);
  expect(again.map(({ messageId }) => messageId).sort()).toEqual(
    first.map(({ messageId }) => messageId).sort(),
  );
});

test('messages are sent to their queue again as new ones, without the reason', async () => {
  const queue = 'encode-jobs-low';
  const body = '{"jobId":"ord_x/prepare/0"}';
  const attributes = { traceparent: 'of a job' };
  await api.messaging.send(deadLetterQueueOf(queue), [
    { body, attributes: { ...attributes, deadLetterReason: 'internal: oh' }, group: 'acme' },
  ]);
  // The test's own worker would take it away.
  await api.stopWorker();
  expect(await redrive(queue)).toEqual({ redriven: 1 });
  expect(await countOf(queue)).toBe(0);
  const came = await nextOf(queue);
  expect(came).toMatchObject({ body, attributes, group: 'acme', attempt: 1 });
});

test('of an ordered queue, messages of one group are sent again in their order', async () => {
  const queue = 'notifications';
  await api.stopWorker();
  const bodies = ['{"n":1}', '{"n":2}', '{"n":3}'];
  await api.messaging.send(
    deadLetterQueueOf(queue),
    bodies.map((body) => ({ body, group: 'ord_x/order' })),
  );
  expect(await redrive(queue)).toEqual({ redriven: 3 });
  const came: string[] = [];
  while (came.length < 3) came.push((await nextOf(queue)).body);
  expect(came).toEqual(bodies);
});

test('what fails again is sent again once only, and a limit holds', async () => {
  const queue = 'delivery-results';
  await putAside(queue, ['a', 'b', 'c']);
  expect(await redrive(queue, { limit: 2 })).toEqual({ redriven: 2 });
  while ((await countOf(queue)) !== 3);
  expect(await redrive(queue)).toEqual({ redriven: 3 });
});

test.each([
  ['GET', '/v1/dead-letters/none', undefined, '404 queue-not-found'],
  ['GET', '/v1/dead-letters/job-results?limit=101', undefined, '422 invalid-query'],
  ['POST', '/v1/dead-letters/job-results/redrive', { limit: 0 }, '422 invalid-body'],
])('%s %s is refused', async (method, target, body, kind) => {
  const answer = await ask<Problem>(`${api.url}${target}`, { method, body });
  expect(`${answer.status} ${answer.body.type.split('/').at(-1)}`).toBe(kind);
});
