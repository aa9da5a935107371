import { expect, test } from '@jest/globals';
import type { DeliveryResult } from '@spillway/contracts';
import fc from 'fast-check';
import { newsOf } from './endpoint-health.ts';

const result = (
  delivery: string,
  second: number,
  status: DeliveryResult['status'],
  gone = false,
): DeliveryResult => ({
  schemaVersion: 1,
  deliveryId: `dlv_${delivery}`,
  endpointId: 'whe_a',
  url: 'https://app.test/',
  status,
  gone,
  nextTryAt: status === 'pending' ? '2026-11-23T06:00:00.000Z' : null,
  attempt: {
    at: new Date(second * 1000).toISOString(),
    status: status === 'delivered' ? 204 : 500,
    error: status === 'delivered' ? null : `failed at ${second}`,
    durationMs: 1,
  },
});

const results = [
  result('a', 1, 'pending'),
  result('a', 2, 'delivered'),
  result('b', 3, 'pending'),
  result('b', 4, 'failed', true),
  result('c', 5, 'pending'),
];

test('what results say does not depend on the order in which they come', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(results, { minLength: results.length }), (shuffled) => {
      const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
      expect(newsOf(shuffled).deliveries.toSorted(byId)).toMatchObject([
        { id: 'dlv_a', status: 'delivered', nextTryAt: null, attempts: [{}, { status: 204 }] },
        { id: 'dlv_b', status: 'failed', nextTryAt: null, attempts: [{}, { status: 500 }] },
        { id: 'dlv_c', status: 'pending', nextTryAt: '2026-11-23T06:00:00.000Z' },
      ]);
      expect(newsOf(shuffled).endpoints).toEqual([
        {
          ...{ id: 'whe_a', url: 'https://app.test/', at: results[4]?.attempt.at },
          ...{ received: true, gone: true, error: 'failed at 5' },
        },
      ]);
    }),
  );
});
