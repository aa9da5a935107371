import { hasEnded, type OrderStatus } from '@spillway/contracts';
import type { OrderKind } from './plan.ts';

/** An order that was answered with 202. */
export interface AcceptedOrder {
  readonly id: string;
  readonly kind: OrderKind;
  /** Of the same request with the same Idempotency-Key, sent again when all was well. */
  readonly idOfRepetition: string;
  readonly hasWebhook: boolean;
  /** The cancellation was answered with 200. */
  readonly wasCanceled: boolean;
}

/** What the API says of an order at the end. */
export interface FoundOrder {
  readonly id: string;
  readonly status: OrderStatus;
  readonly errorCode: string | null;
  readonly events: readonly { readonly sequence: number; readonly type: string }[];
  /** Of a completed one: `qc.json`; null where it or the playlist cannot be read. */
  readonly qcPassed: boolean | null;
}

/** A webhook that arrived and was answered with 2xx. */
export interface ToldWebhook {
  readonly id: string;
  readonly orderId: string;
  readonly type: string;
  readonly body: string;
  readonly isSigned: boolean;
}

export interface DeadLetterFound {
  readonly queue: string;
  readonly what: string;
}

export interface Facts {
  readonly accepted: readonly AcceptedOrder[];
  /** All that the API lists. */
  readonly found: readonly FoundOrder[];
  readonly webhooks: readonly ToldWebhook[];
  readonly deadLetters: readonly DeadLetterFound[];
  /** Keys in the object store that no order needs. */
  readonly orphans: readonly string[];
}

/** What must not be, by its name in the table; `what` tells of the orders. */
export interface Breach {
  readonly rule: Rule;
  readonly what: string;
}

export const rules = {
  lost: 'accepted, and not there or without an end',
  doubled: 'two orders of one request, or one that nobody placed',
  'another end': 'ended otherwise than what was sent must end',
  'failed QC': 'completed without a passed QC report or a playlist',
  'events with gaps':
    'sequences that do not count from 1, or an end that is not their last and only one',
  'webhooks missing': 'an end of which its receiver was not told',
  'webhooks doubled': 'one end told under several ids, or one id with several bodies',
  'webhooks unsigned': 'a signature that does not verify',
  'dead letters': 'messages that were put aside',
  orphans: 'objects that no order needs',
} as const;
export type Rule = keyof typeof rules;

const isEnd = (type: string): boolean => hasEnded(type.replace('order.', '') as OrderStatus);

function endOf({ kind, wasCanceled }: AcceptedOrder): string[] {
  if (wasCanceled) return ['canceled'];
  if (kind === 'broken') return ['failed: source_not_media'];
  return ['completed'];
}

function judgeOrder(order: AcceptedOrder, found: FoundOrder | undefined): Breach[] {
  const { id } = order;
  if (!found) return [{ rule: 'lost', what: `${id} is not there` }];
  const { status, errorCode, qcPassed, events } = found;
  if (!hasEnded(status)) return [{ rule: 'lost', what: `${id} is still ${status}` }];
  const breaches: Breach[] = [];
  const end = errorCode === null ? status : `${status}: ${errorCode}`;
  if (!endOf(order).includes(end)) {
    breaches.push({ rule: 'another end', what: `${id} (${order.kind}) is ${end}` });
  }
  if (status === 'completed' && qcPassed !== true) {
    breaches.push({ rule: 'failed QC', what: `${id}: ${qcPassed === null ? 'unread' : 'failed'}` });
  }
  const gapless = events.every(({ sequence }, index) => sequence === index + 1);
  const ends = events.filter(({ type }) => isEnd(type));
  if (!gapless || ends.length !== 1 || events.at(-1)?.type !== `order.${status}`) {
    const told = events.map(({ sequence, type }) => `${sequence} ${type}`).join(', ');
    breaches.push({ rule: 'events with gaps', what: `${id}: ${told}` });
  }
  return breaches;
}

function judgeDoubles({ accepted, found }: Facts): Breach[] {
  const placed = new Set(accepted.map(({ id }) => id));
  return [
    ...accepted
      .filter(({ id, idOfRepetition }) => id !== idOfRepetition)
      .map(({ id, idOfRepetition }) => `${id} is also ${idOfRepetition}`),
    ...found.filter(({ id }) => !placed.has(id)).map(({ id }) => `nobody placed ${id}`),
  ].map((what) => ({ rule: 'doubled', what }));
}

function judgeWebhooks({ accepted, webhooks }: Facts): Breach[] {
  const byId = Map.groupBy(webhooks, ({ id }) => id);
  const idsOfOrder = new Map<string, Set<string>>();
  for (const { id, orderId, type } of webhooks) {
    if (isEnd(type)) idsOfOrder.set(orderId, (idsOfOrder.get(orderId) ?? new Set()).add(id));
  }
  const breaches: Breach[] = [];
  for (const [id, told] of byId) {
    if (new Set(told.map(({ body }) => body)).size > 1) {
      breaches.push({ rule: 'webhooks doubled', what: `${id} has several bodies` });
    }
    if (told.some(({ isSigned }) => !isSigned)) {
      breaches.push({ rule: 'webhooks unsigned', what: id });
    }
  }
  for (const { id, hasWebhook } of accepted) {
    const ids = idsOfOrder.get(id)?.size ?? 0;
    if (hasWebhook && ids === 0) breaches.push({ rule: 'webhooks missing', what: id });
    if (ids > 1) breaches.push({ rule: 'webhooks doubled', what: `${id} was told ${ids} times` });
  }
  return breaches;
}

/** Every breach of what always holds; none when the storm has cost nothing but time. */
export function judge(facts: Facts): Breach[] {
  const found = new Map(facts.found.map((order) => [order.id, order]));
  return [
    ...facts.accepted.flatMap((order) => judgeOrder(order, found.get(order.id))),
    ...judgeDoubles(facts),
    ...judgeWebhooks(facts),
    ...facts.deadLetters.map(
      ({ queue, what }): Breach => ({ rule: 'dead letters', what: `${queue}: ${what}` }),
    ),
    ...facts.orphans.map((what): Breach => ({ rule: 'orphans', what })),
  ];
}
