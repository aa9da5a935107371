import { expect, test } from '@jest/globals';
import {
  canBeRetried,
  hasEnded,
  type Job,
  type JobResult,
  newAttemptId,
  newOrderId,
  type OrderEvent,
  Outputs,
} from '@spillway/contracts';
import fc from 'fast-check';
import {
  AT,
  acceptOrder,
  addressesOf,
  captionsIn,
  failed,
  planOfChunks,
  progressed,
  succeeded,
  TIMEOUT,
  unfit,
} from '../testing/orders.ts';
import type { Input } from './changes.ts';
import { earlySoundOf } from './early-stream.ts';
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
    { weight: 3, arbitrary: fc.constant('retry' as const) },
    { weight: 1, arbitrary: fc.constant('unfit' as const) },
    { weight: 3, arbitrary: fc.constant('sound' as const) },
  ),
  progress: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Mishap = typeof Mishap extends fc.Arbitrary<infer T> ? T : never;

const Shape = fc.record({
  url: fc.constantFrom('file:///a.mp4', 'https://media.example.com/a.mp4'),
  /** 0: encoded whole. */
  chunks: fc.integer({ min: 0, max: 6 }),
  audio: fc.boolean(),
  destination: fc.constantFrom(null, 's3://acme/out/'),
  captions: fc.integer({ min: 0, max: 2 }),
});
type Shape = typeof Shape extends fc.Arbitrary<infer T> ? T : never;

/** Runs one order and checks after every step what always holds; then lets all jobs succeed. */
function live(shape: Shape, mishaps: readonly Mishap[]) {
  const plan = shape.chunks > 0 ? planOfChunks(shape.chunks, shape.audio) : null;
  const { destination } = shape;
  const captions = captionsIn('en', 'de').slice(0, shape.captions);
  const outputs = Outputs.parse({ captions, destination });
  const first = acceptOrder({ source: { url: shape.url }, outputs });
  let state = first.state;
  const sent: Job[] = [...first.jobs];
  const told: JobResult[] = [];
  const events: OrderEvent[] = [...first.events];
  const used = () =>
    Object.values(state.jobs).flatMap(({ outcome }) => (outcome ? [JSON.stringify(outcome)] : []));

  const feed = (input: Input) => {
    const before = state;
    const after = reduce(before, input, AT, addressesOf);
    const isRetried = after.state.run > before.run;
    if (isRetried) expect(canBeRetried(before.status)).toBe(true);
    if (hasEnded(before.status) && !isRetried) {
      expect(after.state).toBe(before);
      expect(after.jobs).toEqual([]);
    }
    if (!isRetried) {
      expect(after.state.progress).toBeGreaterThanOrEqual(before.progress);
      // What a viewer was told is there stays there.
      const segments = earlySoundOf(before)?.segments ?? 0;
      expect(earlySoundOf(after.state)?.segments ?? 0).toBeGreaterThanOrEqual(segments);
    }
    if (before.playableAt) expect(after.state.playableAt).toBe(before.playableAt);
    for (const [key, { outcome }] of Object.entries(before.jobs)) {
      // Law 2, and of a retry: nothing that succeeded is done twice, save for another ffmpeg's sake.
      if (outcome && outcome.kind !== 'encode-chunk')
        expect(after.state.jobs[key]?.outcome).toBe(outcome);
    }
    if (after.ignored) expect(after).toMatchObject({ state, jobs: [], events: [] });
    state = after.state;
    sent.push(...after.jobs);
    for (const job of after.jobs) {
      if (job.kind === 'package') {
        expect(job.chunkPrefixes).toHaveLength(shape.chunks);
        expect(job.captions?.tracks ?? []).toHaveLength(shape.captions);
      }
      // Nothing is prepared before all is there, and nothing is prepared without it.
      if (job.kind === 'prepare') expect(job.captions).toHaveLength(shape.captions);
    }
    for (const job of after.jobs) expect(job.run).toBe(state.run);
    events.push(...after.events);
    for (const prefix of after.garbage) {
      expect(prefix.startsWith(`orders/${state.id}/`)).toBe(true);
      expect(used().filter((outcome) => outcome.includes(prefix))).toEqual([]);
      expect(prefix).not.toBe(earlySoundOf(state)?.prefix);
    }
    // A second time nothing happens (law 2).
    if (input.type === 'result') {
      const again = reduce(state, input, AT, addressesOf);
      expect(again).toMatchObject({ jobs: [], events: [] });
      expect(again.state).toBe(state);
    }
  };
  const soundAttempts = [newAttemptId(), newAttemptId()] as const;
  const tell = (result: JobResult) => {
    told.push(result);
    feed({ type: 'result', result });
  };

  for (const { pick, what, progress } of mishaps) {
    const job = sent[pick % sent.length] as Job;
    const earlier = told[pick % Math.max(1, told.length)];
    if (what === 'succeed') tell(succeeded(job, { plan }));
    else if (what === 'progress') tell(progressed(job, progress));
    else if (what === 'unfit') tell(unfit(job));
    else if (what === 'sound') {
      const audio = sent.findLast(({ kind }) => kind === 'encode-audio') ?? job;
      const attemptId = soundAttempts[pick % 2];
      tell(progressed(audio, progress, attemptId, Math.floor(pick / 2) % 50));
    } else if (what === 'other build') tell(succeeded(job, { plan, build: 'ffmpeg version 8' }));
    else if (what === 'foreign') tell(succeeded({ ...job, orderId: newOrderId() }, { plan }));
    else if (what === 'fail') tell(failed(job));
    else if (what === 'lose')
      feed({ type: 'lost', jobs: [`${job.kind}/${job.index}`], heardBefore: AT });
    else if (what === 'repeat') earlier && feed({ type: 'result', result: earlier });
    else if (what === 'timeout') feed(TIMEOUT);
    else feed({ type: what });
  }
  // Every job that was ever sent is answered in the end: then the order has one.
  for (let next = 0; next < sent.length; next++) tell(succeeded(sent[next] as Job, { plan }));
  return { state, events };
}

test('whatever happens in whatever order, each run of an order has exactly one end and tells it once', () => {
  fc.assert(
    fc.property(Shape, fc.array(Mishap, { maxLength: 60 }), (shape, mishaps) => {
      const { state, events } = live(shape, mishaps);
      expect(hasEnded(state.status)).toBe(true);
      expect(Object.values(state.jobs).filter(({ status }) => status === 'pending')).toEqual([]);
      const ends = events.filter(({ order }) => hasEnded(order.status));
      expect(ends).toHaveLength(state.run + 1);
      expect(ends.at(-1)?.type).toBe(`order.${state.status}`);
      expect(events.at(-1)).toBe(ends.at(-1));
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, place) => place + 1));
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    }),
    { numRuns: 400 },
  );
});

test('an order that meets nothing worse than disorder completes', () => {
  const Harmless = Mishap.filter(({ what }) =>
    ['succeed', 'progress', 'repeat', 'sound'].includes(what),
  );
  fc.assert(
    fc.property(Shape, fc.array(Harmless, { maxLength: 40 }), (shape, mishaps) => {
      const { state, events } = live(shape, mishaps);
      expect(state).toMatchObject({ status: 'completed', progress: 1 });
      const delivered = state.jobs['deliver/0']?.status;
      expect(delivered).toBe(shape.destination === null ? undefined : 'succeeded');
      expect(events.at(-1)?.type).toBe('order.completed');
    }),
    { numRuns: 200 },
  );
});
