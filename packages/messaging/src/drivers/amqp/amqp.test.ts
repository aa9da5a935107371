import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { bindingsOf } from './declare.ts';
import { Recent } from './ordered.ts';
import { parkingQueueOf, routeOf, STAYS } from './parking.ts';
import { propertiesOf, readStored, type Stored, toStored } from './stored.ts';

test.skip('The messaging suite on RabbitMQ is left out here: npm run test:containers', () => {});

const stored = (more: Partial<Stored> = {}): Stored => ({
  ...toStored({ body: '{}' }, false),
  ...more,
});

const received = (message: Stored, headers: Record<string, unknown> = {}) => {
  const properties = propertiesOf(message);
  return readStored({
    content: message.body,
    properties: { ...properties, headers: { ...properties.headers, ...headers } },
  } as never);
};

test('the stays in parking queues sum up to the delay, and then the queue itself is next', async () => {
  await fc.assert(
    fc.property(fc.integer({ min: 0, max: 43_200 }), (delaySeconds) => {
      let parkedSeconds = 0;
      for (let next = routeOf('q', stored({ delaySeconds })); next.routingKey !== 'q'; ) {
        const stay = STAYS.find((seconds) => next.routingKey === parkingQueueOf('q', seconds));
        parkedSeconds += stay ?? Number.NaN;
        next = routeOf('q', next.stored);
      }
      expect(parkedSeconds).toBe(delaySeconds);
    }),
  );
});

test('a message is read as it was written, and the crashes that RabbitMQ counted are attempts', () => {
  const message = stored({
    attributes: { type: 'a', traceparent: '00-1' },
    group: '',
    deduplicationId: 'evt_1',
    attempts: 2,
    delaySeconds: 7,
  });
  expect(received(message)).toEqual(message);
  const after = received(message, {
    'x-delivery-count': 3,
    'x-death': [{}],
    'x-acquired-count': 9,
  });
  expect(after).toEqual({ ...message, attempts: 5 });
});

test.each([
  [
    'more than 7 attributes',
    { attributes: Object.fromEntries([...'abcdefgh'].map((n) => [n, ''])) },
  ],
  ['"x-mine" is no name', { attributes: { 'x-mine': '' } }],
  ['"spillway.x" is no name', { attributes: { 'spillway.x': '' } }],
  ['larger than 16 MiB', { body: ' '.repeat(16 * 1024 * 1024 + 1) }],
])('%s: the message is rejected', (why, more) => {
  expect(() => toStored({ body: '{}', ...more }, false)).toThrow(why);
});

test('a filter is a binding for each combination of its values; an empty one matches all', () => {
  expect(bindingsOf({})).toEqual([{ 'x-match': 'all' }]);
  expect(bindingsOf({ type: ['a', 'b'], region: ['n'] })).toEqual([
    { 'x-match': 'all', type: 'a', region: 'n' },
    { 'x-match': 'all', type: 'b', region: 'n' },
  ]);
});

test('a deduplication id holds for five minutes, against other messages only', () => {
  const recent = new Recent();
  const first = stored({ id: '1', deduplicationId: 'evt', sentAt: 0 });
  expect(recent.isDouble(first)).toBe(false);
  expect(recent.isDouble(first)).toBe(false);
  expect(recent.isDouble({ ...first, id: '2', sentAt: 299_999 })).toBe(true);
  expect(recent.isDouble({ ...first, id: '3', deduplicationId: null })).toBe(false);
  expect(recent.isDouble({ ...first, id: '4', sentAt: 300_000 })).toBe(false);
  expect(recent.isDouble({ ...first, id: '5', sentAt: 300_001 })).toBe(true);
});
