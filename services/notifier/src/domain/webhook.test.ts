import { expect, test } from '@jest/globals';
import { notification, publishedEvent } from '../testing/events.ts';
import { notificationOf, receptionOf, webhookBody } from './webhook.ts';

test('of an event of before only what its order chose is told', () => {
  const event = publishedEvent({ type: 'order.failed' });
  const webhook = { url: 'https://app.test/', events: ['order.failed'] };
  expect(notificationOf({ ...event, webhook })).toMatchObject({
    id: event.id,
    url: webhook.url,
    customerId: 'acme',
    payload: { type: 'order.failed', timestamp: event.occurredAt, data: event.order },
  });
  const other = { ...webhook, events: ['order.completed'] };
  expect(notificationOf({ ...event, webhook: other })).toBeNull();
  expect(notificationOf({ ...event, webhook: null })).toBeNull();
});

test('the body is the payload, and nothing of where it goes', () => {
  const told = notification({});
  expect(JSON.parse(webhookBody(told))).toEqual(told.payload);
});

test.each([
  [200, 'received'],
  [204, 'received'],
  [301, 'failed'],
  [307, 'failed'],
  [400, 'failed'],
  [404, 'failed'],
  [410, 'gone'],
  [429, 'busy'],
  [500, 'failed'],
  [503, 'busy'],
])('%i means %s', (status, reception) => {
  expect(receptionOf(status)).toBe(reception);
});
