import { expect, test } from '@jest/globals';
import { publishedEvent } from '../testing/events.ts';
import { receptionOf, webhookBody, webhookOf } from './webhook.ts';

test('only an event that the order chose has a receiver', () => {
  const event = publishedEvent({ type: 'order.failed' });
  const webhook = { url: 'https://app.test/', events: ['order.failed' as const] };
  expect(webhookOf({ ...event, webhook })).toEqual(webhook);
  expect(webhookOf({ ...event, webhook: { ...webhook, events: ['order.completed'] } })).toBeNull();
  expect(webhookOf({ ...event, webhook: null })).toBeNull();
});

test('the body tells type, time and order, and nothing of where it goes', () => {
  const event = publishedEvent({});
  expect(JSON.parse(webhookBody(event))).toEqual({
    type: event.type,
    timestamp: event.occurredAt,
    data: event.order,
  });
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
