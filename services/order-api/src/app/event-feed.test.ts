import { expect, test } from '@jest/globals';
import { createLogger } from '@spillway/runtime';
import type { OrderState } from '../domain/order.ts';
import { acceptOrder } from '../testing/orders.ts';
import { createEventFeed } from './event-feed.ts';
import type { OrderPosition, StoredEvent } from './ports.ts';

const log = createLogger('test', 'silent');
const { state } = acceptOrder();

/** A store of one order that counts what it is asked. */
function countingStore() {
  const asked = { positions: 0, events: 0, views: 0 };
  let now: OrderState = state;
  return {
    asked,
    change(changes: Partial<OrderState>) {
      now = { ...now, sequence: now.sequence + 1, ...changes };
    },
    async positions(ids: readonly string[]): Promise<OrderPosition[]> {
      asked.positions += 1;
      const { id, sequence, status } = now;
      return ids.includes(id) ? [{ id, sequence, ended: status === 'completed' }] : [];
    },
    async eventsAfter(_id: string, after: number): Promise<StoredEvent[]> {
      asked.events += 1;
      const event = { type: 'order.progress', occurredAt: now.createdAt, order: {} };
      return now.sequence > after ? [{ ...event, sequence: now.sequence }] : [];
    },
    async readForView(): Promise<OrderState> {
      asked.views += 1;
      return now;
    },
  };
}

/** Every value that a stream gives, and the promise of its end. */
function collected<T>(stream: AsyncIterable<T>) {
  const values: T[] = [];
  const end = (async () => {
    for await (const value of stream) values.push(value);
  })();
  return { values, end };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

test('a thousand viewers of one order cost a read of it a change, not a thousand', async () => {
  const store = countingStore();
  const feed = createEventFeed(store, log);
  const never = new AbortController().signal;
  const viewers = Array.from({ length: 1000 }, () => collected(feed.states(state.id, 0, never)));
  await until(() => viewers.every(({ values }) => values.length === 1));
  expect(store.asked).toEqual({ positions: 1, events: 0, views: 1 });
  store.change({ status: 'running' });
  feed.poke(state.id);
  await until(() => viewers.every(({ values }) => values.length === 2));
  expect(store.asked).toEqual({ positions: 2, events: 0, views: 2 });
  store.change({ status: 'completed' });
  feed.poke(state.id);
  await Promise.all(viewers.map(({ end }) => end));
  for (const { values } of viewers) {
    expect(values.map(({ status }) => status)).toEqual(['queued', 'running', 'completed']);
  }
});

test('what is committed while an answer is under way is not slept through', async () => {
  const store = countingStore();
  let release = () => {};
  const positions = async (ids: readonly string[]) => {
    const answer = await store.positions(ids);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return answer;
  };
  const feed = createEventFeed({ ...store, positions }, log);
  const { values, end } = collected(feed.follow(state.id, 1, new AbortController().signal));
  await until(() => store.asked.positions === 1);
  const releaseOld = release;
  store.change({ status: 'completed' });
  feed.poke(state.id);
  releaseOld();
  await until(() => store.asked.positions === 2);
  release();
  await end;
  expect(values.flat().map(({ sequence }) => sequence)).toEqual([2]);
});

test('a view that another listener asked for before a change is asked for again', async () => {
  const store = countingStore();
  const releases: (() => void)[] = [];
  const readForView = async () => {
    const view = await store.readForView();
    await new Promise<void>((resolve) => {
      releases.push(resolve);
    });
    return view;
  };
  const feed = createEventFeed({ ...store, readForView }, log);
  const never = new AbortController().signal;
  const first = collected(feed.states(state.id, 0, never));
  await until(() => releases.length === 1);
  // Another process changes it: nobody pokes.
  store.change({ status: 'completed' });
  const second = collected(feed.states(state.id, 1, never));
  await until(() => store.asked.positions === 2);
  releases[0]?.();
  await until(() => releases.length === 2);
  releases[1]?.();
  await second.end;
  expect(second.values.map(({ status }) => status)).toEqual(['completed']);
  await until(() => first.values.length > 0);
  feed.close();
  await first.end;
});

test('a listener that leaves, and a feed that closes, end the streams', async () => {
  const feed = createEventFeed(countingStore(), log);
  const leaving = new AbortController();
  const one = collected(feed.states(state.id, 0, leaving.signal));
  const other = collected(feed.states(state.id, 0, new AbortController().signal));
  await until(() => one.values.length + other.values.length === 2);
  leaving.abort();
  await one.end;
  feed.close();
  await other.end;
});
