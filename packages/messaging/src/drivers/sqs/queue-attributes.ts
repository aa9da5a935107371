import type { QueueSpec } from '@spillway/contracts';

export type QueueAttributes = Readonly<Record<string, string>>;

/** 14 days, the longest there is: what was accepted must outlive a long weekend (law 1). */
export const deadLetterAttributes: QueueAttributes = { MessageRetentionPeriod: '1209600' };

/** What a queue's contract is in SQS's words. */
export const queueAttributes = (
  { leaseSeconds, maxDeliveries }: QueueSpec,
  deadLetterTargetArn: string,
): QueueAttributes => ({
  ...deadLetterAttributes,
  VisibilityTimeout: String(leaseSeconds),
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: maxDeliveries }),
});

/** The wanted attributes that are not so now. */
export const changed = (now: QueueAttributes, wanted: QueueAttributes): Record<string, string> =>
  Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !same(now[name], value)));

/** Policies are JSON, and come back with their keys in another order. */
function same(now: string | undefined, wanted: string): boolean {
  if (now === undefined || !wanted.startsWith('{')) return now === wanted;
  return sorted(now) === sorted(wanted);
}

const sorted = (json: string): string =>
  JSON.stringify(JSON.parse(json), (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
