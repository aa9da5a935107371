import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { OutgoingMessage } from '../../port.ts';
import { batches, groupFields, messageBytes } from './batches.ts';

const outgoing = fc.record({
  body: fc.string({ maxLength: 60 }),
  attributes: fc.dictionary(
    fc.string({ minLength: 1, maxLength: 9 }),
    fc.string({ maxLength: 9 }),
    {
      maxKeys: 7,
    },
  ),
});

test('batches hold every message once, in order, and break no limit', () => {
  void fc.assert(
    fc.property(
      fc.array(outgoing, { maxLength: 60 }),
      fc.integer({ min: 1, max: 400 }),
      (all, most) => {
        const cut = batches(all, most, false);
        expect(cut.flat()).toEqual(all);
        for (const batch of cut) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(10);
          const bytes = batch.reduce((sum, message) => sum + messageBytes(message), 0);
          // A single message above the limit goes alone: the broker says what is wrong with it.
          if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(most);
        }
      },
    ),
  );
});

test('batches are as full as the limits let them be', () => {
  const many: OutgoingMessage[] = Array.from({ length: 25 }, () => ({ body: 'x' }));
  expect(batches(many, 1000, false).map(({ length }) => length)).toEqual([10, 10, 5]);
  expect(batches(many, 4, false).map(({ length }) => length)).toEqual([4, 4, 4, 4, 4, 4, 1]);
});

test('a group keeps its order, and no request holds two of it', () => {
  const grouped = fc.record({
    body: fc.string({ maxLength: 9 }),
    group: fc.constantFrom('a', 'b', 'c'),
  });
  void fc.assert(
    fc.property(
      fc.array(grouped, { maxLength: 40 }),
      fc.integer({ min: 9, max: 60 }),
      (all, most) => {
        const cut = batches(all, most, true);
        for (const name of ['a', 'b', 'c']) {
          const ofGroup = ({ group }: OutgoingMessage) => group === name;
          expect(cut.flat().filter(ofGroup)).toEqual(all.filter(ofGroup));
          for (const batch of cut) expect(batch.filter(ofGroup).length).toBeLessThanOrEqual(1);
        }
      },
    ),
  );
  const orders = Array.from({ length: 10 }, (_, n) =>
    ['running', 'completed'].map((body) => ({ body, group: `${n}` })),
  );
  expect(batches(orders.flat(), 1000, true).map(({ length }) => length)).toEqual([10, 10]);
});

test('where order does not count, a group of many goes in few requests', () => {
  const many = Array.from({ length: 25 }, () => ({ body: 'x', group: 'one' }));
  expect(batches(many, 1000, false).map(({ length }) => length)).toEqual([10, 10, 5]);
});

test('a group that SQS takes is its own id, any other has one of letters and digits', () => {
  const idOf = (group: string) => groupFields({ group }, false).MessageGroupId ?? '';
  expect(idOf('customer~1_(of:2)/"x"')).toBe('customer~1_(of:2)/"x"');
  const others = ['', 'two words', 'Zoë', 'Zoé', 'x'.repeat(129), 'line\n'];
  const ids = others.map(idOf);
  expect(new Set(ids).size).toBe(others.length);
  for (const id of ids) {
    expect(id).toMatch(/^[\w-]{43}$/);
    // A copy of a message is told by the id, which must not become another's.
    expect(idOf(id)).toBe(id);
  }
});

test('only ordered queues tell doubles, and they need a group', () => {
  expect(groupFields({ deduplicationId: 'd' }, false)).toEqual({});
  expect(groupFields({ group: 'g', deduplicationId: 'd' }, true)).toEqual({
    MessageGroupId: 'g',
    MessageDeduplicationId: 'd',
  });
  expect(() => groupFields({}, true)).toThrow('needs a group');
});

test('bytes are counted in UTF-8, with the attributes', () => {
  expect(messageBytes({ body: 'é✓' })).toBe(5);
  expect(messageBytes({ body: '', attributes: { ab: 'é' } })).toBe(2 + 'String'.length + 2);
});
