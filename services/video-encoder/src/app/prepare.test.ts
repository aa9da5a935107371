import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { chunkCount } from '@spillway/contracts';
import { type Fixture, openFixture } from '../testing/fixture.ts';
import { encoded, film, filmPlan, prepareJob } from '../testing/samples.ts';
import type { Media, WholeOptions } from './ports.ts';

let fixture: Fixture;
let whole: WholeOptions[];

beforeEach(async () => {
  fixture = await openFixture();
  whole = [];
});
afterEach(() => fixture.close());

async function prepared(job = prepareJob, more: Partial<Media> = {}) {
  const media = fixture.media({
    inspect: async () => ({ ...film, warnings: ['of the source'] }),
    encodeWhole: async (options) => {
      whole.push(options);
      return { ...encoded, remove: async () => {} };
    },
    ...more,
  });
  await fixture.worker({ media }).run(job, fixture.delivery());
  const [result] = fixture.results;
  return result?.status === 'succeeded' ? result.outcome : null;
}

test('a long source is planned in chunks, and nothing of it is encoded yet', async () => {
  expect(await prepared()).toMatchObject({
    kind: 'plan',
    plan: { chunkFrames: filmPlan.chunkFrames, prerollSeconds: 3 },
    warnings: ['of the source'],
  });
  expect(await fixture.keys()).toEqual([]);
});

test('one that cannot be cut is encoded whole, and the order is told why', async () => {
  const reason = 'The source has no index.';
  const outcome = await prepared(prepareJob, { verifyCut: async () => ({ reason }) });
  expect(outcome).toMatchObject({ kind: 'prepare', warnings: [reason, 'a warning'] });
  expect(whole.map(({ plan }) => chunkCount(plan))).toEqual([1]);
});

test('one whose chunks did not fit together is encoded whole, without another try at cutting', async () => {
  const verifyCut = () => Promise.reject(new Error('must not be called'));
  const outcome = await prepared({ ...prepareJob, whole: true }, { verifyCut });
  expect(outcome).toMatchObject({ kind: 'prepare' });
  expect(whole.map(({ plan }) => plan.frames)).toEqual([film.video.frames]);
});
