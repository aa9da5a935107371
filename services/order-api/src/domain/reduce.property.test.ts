import { expect, test } from '@jest/globals';
import {
  hasEnded,
  type Job,
  type JobResult,
  newOrderId,
  type OrderEvent,
} from '@spillway/contracts';
import fc from 'fast-check';
import {
  AT,
  acceptOrder,
  failed,
  PUBLIC_URL,
  planOfChunks,
  progressed,
  succeeded,
} from '../testing/orders.ts';
import type { Input } from './changes.ts';
import { reduce } from './reduce.ts';

/** What befalls the jobs and results of one order, drawn by fast-check. */
const Mishap = fc.record({
  /** Which of the jobs sent so far, and which of the results told so far. */
  pick: fc.nat(),
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constant('succeed' as const) },
    { weight: 4, arbitrary: fc.constant('progress' as const) },
    { weight: 4, arbitrary: fc.constant('repeat' as const) },
    { weight: 2, arbitrary: fc.constant('lose' as const) },
    { weight: 2, arbitrary: fc.constant('other build' as const) },
    { weight: 2, arbitrary: fc.constant('foreign' as const) },
    { weight: 1, arbitrary: fc.constant('fail' as const) },
    { weight: 1, arbitrary: fc.constant('cancel' as const) },
    { weight: 1, arbitrary: fc.constant('timeout' as const) },
  ),
  progress: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Mishap = typeof Mishap extends fc.Arbitrary<infer T> ? T : never;

const Shape = fc.record({
  url: fc.constantFrom('file:///a.mp4', 'https://media.example.com/a.mp4'),
  /** 0: encoded whole. */
  chunks: fc.integer({ min: 0, max: 6 }),
  audio: fc.boolean(),
});

/** Runs one order and checks after every step what always holds; then lets all jobs succeed. */
function live(shape: { url: string; chunks: number; audio: boolean }, mishaps: readonly Mishap[]) {
  const plan = shape.chunks > 0 ? planOfChunks(shape.chunks, shape.audio) : null;
  const first = acceptOrder({ source: { url: shape.url } });
  let state = first.state;
  const sent: Job[] = [...first.jobs];
  const told: JobResult[] = [];
  const events: OrderEvent[] = [...first.events];
  const used = () =>
    Object.values(state.jobs).flatMap(({ outcome }) => (outcome ? [JSON.stringify(outcome)] : []));

  const feed = (input: Input) => {
    const after = reduce(state, input, AT, PUBLIC_URL);
    if (hasEnded(state.status)) {
      expect(after.state).toBe(state);
      expect(after.jobs).toEqual([]);
    }
    expect(after.state.progress).toBeGreaterThanOrEqual(state.progress);
    if (after.ignored) expect(after).toMatchObject({ state, jobs: [], events: [] });
    state = after.state;
    sent.push(...after.jobs);
    for (const job of after.jobs) {
      if (job.kind === 'package') expect(job.chunkPrefixes).toHaveLength(shape.chunks);
    }
    events.push(...after.events);
    for (const prefix of after.garbage) {
      expect(prefix.startsWith(`orders/${state.id}/`)).toBe(true);
      expect(used().filter((outcome) => outcome.includes(prefix))).toEqual([]);
    }
    // A second time nothing happens (law 2).
    if (input.type === 'result') {
      const again = reduce(state, input, AT, PUBLIC_URL);
      expect(again).toMatchObject({ jobs: [], events: [] });
      expect(again.state).toBe(state);
    }
  };
  const tell = (result: JobResult) => {
    told.push(result);
    feed({ type: 'result', result });
  };

  for (const { pick, what, progress } of mishaps) {
    const job = sent[pick % sent.length] as Job;
    const earlier = told[pick % Math.max(1, told.length)];
    if (what === 'succeed') tell(succeeded(job, { plan }));
    else if (what === 'progress') tell(progressed(job, progress));
    else if (what === 'other build') tell(succeeded(job, { plan, build: 'ffmpeg version 8' }));
    else if (what === 'foreign') tell(succeeded({ ...job, orderId: newOrderId() }, { plan }));
    else if (what === 'fail') tell(failed(job));
    else if (what === 'lose') feed({ type: 'lost', jobs: [`${job.kind}/${job.index}`] });
    else if (what === 'repeat') earlier && feed({ type: 'result', result: earlier });
    else feed({ type: what });
  }
  // Every job that was ever sent is answered in the end: then the order has one.
  for (let next = 0; next < sent.length; next++) tell(succeeded(sent[next] as Job, { plan }));
  return { state, events };
}

test('whatever happens in whatever order, an order has exactly one end and tells it once', () => {
  fc.assert(
    fc.property(Shape, fc.array(Mishap, { maxLength: 60 }), (shape, mishaps) => {
      const { state, events } = live(shape, mishaps);
      expect(hasEnded(state.status)).toBe(true);
      expect(Object.values(state.jobs).filter(({ status }) => status === 'pending')).toEqual([]);
      const ends = events.filter(({ order }) => hasEnded(order.status));
      expect(ends.map(({ type }) => type)).toEqual([`order.${state.status}`]);
      expect(events.at(-1)).toBe(ends[0]);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, place) => place + 1));
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    }),
    { numRuns: 400 },
  );
});

test('an order that meets nothing worse than disorder completes', () => {
  const Harmless = Mishap.filter(({ what }) => ['succeed', 'progress', 'repeat'].includes(what));
  fc.assert(
    fc.property(Shape, fc.array(Harmless, { maxLength: 40 }), (shape, mishaps) => {
      const { state, events } = live(shape, mishaps);
      expect(state).toMatchObject({ status: 'completed', progress: 1 });
      expect(events.at(-1)?.type).toBe('order.completed');
    }),
    { numRuns: 200 },
  );
});
