import { Agent, request } from 'node:http';
import { expect, test } from '@jest/globals';
import { Harness } from './harness.ts';

test('a consumer that asks again at once does not keep the broker from stopping', async () => {
  const harness = await Harness.start();
  await harness.json('CreateQueue', { QueueName: 'jobs' });
  const QueueUrl = `${harness.broker.url}/000000000000/jobs`;
  const agent = new Agent({ keepAlive: true });
  /** One long poll, as the SDK makes it. */
  const receive = () =>
    new Promise<number | undefined>((resolve) => {
      const headers = { 'X-Amz-Target': 'AmazonSQS.ReceiveMessage' };
      const asking = request(harness.broker.url, { agent, method: 'POST', headers }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode));
      });
      asking.once('error', () => resolve(undefined));
      asking.end(JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 }));
    });
  const answers: (number | undefined)[] = [];
  const consumer = (async () => {
    while (answers.length === 0 || answers.at(-1) === 200) answers.push(await receive());
  })();
  await harness.json('GetQueueUrl', { QueueName: 'jobs' });
  await harness.broker.close();
  await consumer;
  expect(answers).toEqual([200, 503]);
  agent.destroy();
  await harness.open();
  await harness.remove();
});
