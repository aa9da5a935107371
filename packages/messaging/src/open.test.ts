import { expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import { openMessaging } from './open.ts';

const log = createLogger('test', 'silent');

test('sqs: opens the SQS driver', async () => {
  await openMessaging({ url: 'sqs:', log }).close();
});

test.each(['kafka://somewhere', 'sqs', ''])('"%s" is refused by name', (url) => {
  expect(() => openMessaging({ url, log })).toThrow(`BROKER_URL: "${url}" is not a broker`);
});
