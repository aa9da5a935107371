import { expect, test } from '@jest/globals';
import { Random } from '../../simulation/src/random.ts';
import {
  type AcceptedOrder,
  type Facts,
  type FoundOrder,
  judge,
  type ToldWebhook,
} from './judge.ts';
import { planFaults, planOrders } from './plan.ts';

const order = (changes: Partial<AcceptedOrder> = {}): AcceptedOrder => ({
  id: 'ord_1',
  kind: 'short',
  idOfRepetition: changes.id ?? 'ord_1',
  hasWebhook: true,
  wasCanceled: false,
  ...changes,
});
const events = (...types: string[]) =>
  types.map((type, index) => ({ sequence: index + 1, type: `order.${type}` }));
const found = (changes: Partial<FoundOrder> = {}): FoundOrder => ({
  id: 'ord_1',
  status: 'completed',
  errorCode: null,
  events: events('queued', 'running', 'completed'),
  qcPassed: true,
  ...changes,
});
const told = (changes: Partial<ToldWebhook> = {}): ToldWebhook => ({
  id: 'msg_1',
  orderId: 'ord_1',
  type: 'order.completed',
  body: '{}',
  isSigned: true,
  ...changes,
});
const facts = (changes: Partial<Facts> = {}): Facts => ({
  accepted: [order()],
  found: [found()],
  webhooks: [told()],
  deadLetters: [],
  orphans: [],
  ...changes,
});
const rulesOf = (changes: Partial<Facts>) => judge(facts(changes)).map(({ rule }) => rule);

test('a storm that cost nothing has no breach, however often a webhook was repeated', () => {
  expect(judge(facts({ webhooks: [told(), told(), told()] }))).toEqual([]);
});

test('what is broken must fail and what was canceled must stay so', () => {
  const failed = found({
    status: 'failed',
    errorCode: 'source_not_media',
    events: events('queued', 'failed'),
    qcPassed: null,
  });
  const canceled = found({ status: 'canceled', events: events('canceled'), qcPassed: null });
  expect(rulesOf({ accepted: [order({ kind: 'broken' })], found: [failed] })).toEqual([]);
  expect(rulesOf({ found: [failed] })).toEqual(['another end']);
  expect(rulesOf({ accepted: [order({ wasCanceled: true })], found: [canceled] })).toEqual([]);
  expect(rulesOf({ accepted: [order({ wasCanceled: true })] })).toEqual(['another end']);
});

test.each<[string, Partial<Facts>]>([
  ['lost', { found: [] }],
  ['lost', { found: [found({ status: 'running' })] }],
  ['doubled', { accepted: [order({ idOfRepetition: 'ord_2' })] }],
  ['doubled', { found: [found(), found({ id: 'ord_2' })] }],
  ['failed QC', { found: [found({ qcPassed: false })] }],
  ['failed QC', { found: [found({ qcPassed: null })] }],
  ['events with gaps', { found: [found({ events: events('queued', 'completed').slice(1) })] }],
  ['events with gaps', { found: [found({ events: events('completed', 'completed') })] }],
  ['events with gaps', { found: [found({ events: events('completed', 'running') })] }],
  ['events with gaps', { found: [found({ events: events('queued', 'running') })] }],
  ['webhooks missing', { webhooks: [] }],
  ['webhooks missing', { webhooks: [told({ type: 'order.running' })] }],
  ['webhooks doubled', { webhooks: [told(), told({ id: 'msg_2' })] }],
  ['webhooks doubled', { webhooks: [told(), told({ body: '{"n":1}' })] }],
  ['webhooks unsigned', { webhooks: [told({ isSigned: false })] }],
  ['dead letters', { deadLetters: [{ queue: 'encode-jobs', what: 'no reason' }] }],
  ['orphans', { orphans: ['orders/ord_2/source'] }],
])('%s is found (%#)', (rule, changes) => {
  expect(rulesOf(changes)).toEqual([rule]);
});

test('a seed plans the same storm again, with at least 30 kills in 5 minutes and one blow at a time on a container', () => {
  const faults = planFaults(new Random(7), 5);
  expect(planFaults(new Random(7), 5)).toEqual(faults);
  expect(planOrders(new Random(7), 200, 5)).toEqual(planOrders(new Random(7), 200, 5));
  expect(faults.filter(({ blow }) => blow === 'kill').length).toBeGreaterThanOrEqual(30);
  for (const mine of Map.groupBy(faults, ({ service, copy }) => `${service}/${copy}`).values()) {
    const inTurn = mine.every(({ atMs }, index) => atMs >= (mine[index - 1]?.healedAtMs ?? 0));
    expect(inTurn).toBe(true);
  }
});
