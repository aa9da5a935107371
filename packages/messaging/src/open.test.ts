import { expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { openMessaging } from './open.ts';

const log = createLogger('test', 'silent');

// Nothing listens there; a driver is made without a broker, and closes without one.
const nobody = 'amqp://127.0.0.1:1';

test.each(['sqs:', nobody, `${nobody}, amqps://127.0.0.1:2/vhost`])('%s opens', async (url) => {
  await openMessaging({ url, log }).close();
});

test.each(['kafka://somewhere', 'sqs', '', `${nobody},sqs:`])('"%s" is refused by name', (url) => {
  expect(() => openMessaging({ url, log })).toThrow(`BROKER_URL: "${url}" is not a broker`);
});

test('an address that is refused is told without its password', () => {
  expect(() => openMessaging({ url: 'http://me:secret@host', log })).toThrow('"http://host"');
});

test('RabbitMQ is refused with settings that would mean nothing there', () => {
  const refused = 'SPILLWAY_QUEUE_PREFIX and SPILLWAY_QUEUES_PROVISIONED are for sqs: alone';
  expect(() => openMessaging({ url: nobody, queuePrefix: 'blue-', log })).toThrow(refused);
  expect(() => openMessaging({ url: nobody, queuesProvisioned: true, log })).toThrow(refused);
});
