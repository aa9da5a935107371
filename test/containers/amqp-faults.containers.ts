import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { connect } from 'amqplib';
import {
  eventually,
  freshName,
  freshQueue,
  message,
  Reader,
} from '../../packages/messaging/src/conformance/harness.ts';
import { createAmqpMessaging } from '../../packages/messaging/src/drivers/amqp/index.ts';
import type { Messaging } from '../../packages/messaging/src/port.ts';
import { type StartedRabbitMq, startRabbitMq } from './support/rabbitmq.ts';

// Without the management API: what is in hand is known for this process.
let broker: StartedRabbitMq;
const opened: Messaging[] = [];
const open = (...urls: [string, ...string[]]): Messaging => {
  const messaging = createAmqpMessaging({ urls, log: createLogger('test', 'silent') });
  opened.push(messaging);
  return messaging;
};

beforeAll(async () => {
  broker = await startRabbitMq();
});
afterAll(async () => {
  await Promise.all(opened.map((messaging) => messaging.close()));
  await broker.remove();
});

test('the acknowledgement time-out ends no job, of one queue or of several', async () => {
  await broker.exec(['rabbitmqctl', 'eval', 'application:set_env(rabbit, consumer_timeout, 500).']);
  // How often RabbitMQ looks, for channels that are opened from now on.
  await broker.exec([
    'rabbitmqctl',
    'eval',
    'application:set_env(rabbit, channel_tick_interval, 200).',
  ]);
  const m = open(broker.url);
  const [one, several, empty] = [
    await freshQueue(m, { leaseSeconds: 60 }),
    await freshQueue(m, { leaseSeconds: 60 }),
    await freshQueue(m, { leaseSeconds: 60 }),
  ];
  await Promise.all([one, several].map((queue) => m.send(queue, [message('long')])));
  const held = [
    await new Reader(m, one, 1).take(),
    await new Reader(m, [empty, several], 1).take(),
  ];
  // A queue without our settings shows that the time-out does end what takes so long.
  const model = await connect(broker.url);
  const channel = await model.createChannel();
  const plain = freshName('plain');
  await channel.assertQueue(plain, { arguments: { 'x-queue-type': 'quorum' } });
  channel.sendToQueue(plain, Buffer.from('long'));
  const ended = new Promise((resolve) => channel.on('error', resolve));
  await channel.consume(plain, () => {});
  expect(String(await ended)).toContain('timeout');
  await model.close();
  await Promise.all(held.map((delivery) => delivery.ack()));
  for (const queue of [one, several]) {
    await eventually(async () => (await m.depth(queue)).inFlight === 0);
    expect((await m.depth(queue)).waiting).toBe(0);
  }
});

test('of several addresses the first that answers is taken', async () => {
  const m = open('amqp://127.0.0.1:1', broker.url);
  const queue = await freshQueue(m);
  await m.send(queue, [message('here')]);
  expect(await new Reader(m, queue).drain(1)).toEqual(['here']);
});

test('a broker that takes nothing for a while delays a send, and loses nothing', async () => {
  const m = open(broker.url);
  const queue = await freshQueue(m);
  await broker.exec(['rabbitmqctl', 'set_vm_memory_high_watermark', '0.00001']);
  let sent = false;
  const sending = m.send(queue, [message('patient')]).then(() => {
    sent = true;
  });
  const alarms = () => broker.exec(['rabbitmqctl', 'list_connections', 'state']);
  await eventually(async () => /block/.test(await alarms()));
  expect(sent).toBe(false);
  await broker.exec(['rabbitmqctl', 'set_vm_memory_high_watermark', '0.6']);
  await sending;
  expect(await new Reader(m, queue).drain(1)).toEqual(['patient']);
});

test('consumers that are killed give their messages to others, and the try counts', async () => {
  const m = open(broker.url);
  const doomed = open(broker.url);
  const queue = await freshQueue(m, { leaseSeconds: 60 });
  await m.send(queue, [message('job')]);
  const reader = new Reader(doomed, queue);
  const held = await reader.take();
  await broker.exec(['rabbitmqctl', 'close_all_connections', '--global', 'a test']);
  const again = await new Reader(m, queue).take();
  expect([again.id, again.attempt]).toEqual([held.id, 2]);
  await held.ack();
  await again.ack();
  held.abandon();
});

test('a broker that is killed as soon as its queues are declared keeps what it confirmed', async () => {
  const m = open(broker.url);
  const queue = await freshQueue(m);
  await m.send(queue, [message('confirmed')]);
  await broker.kill();
  await broker.start();
  await m.send(queue, [message('after')]);
  expect(await new Reader(m, queue).drain(2)).toEqual(['confirmed', 'after']);
});
