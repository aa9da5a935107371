import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { chunkCount, Outputs } from '@spillway/contracts';
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

test('what was ordered is planned, and what the source is too small for is told', async () => {
  const outputs = Outputs.parse({ renditions: [{ lines: 2160 }, { lines: 480 }], speed: 'fast' });
  const leftOut = 'Left out: renditions of 2160 lines; the source has 1080.';
  const planned = { speed: 'fast', video: [{ name: '480p' }] };
  expect(await prepared({ ...prepareJob, outputs })).toMatchObject({
    ...{ kind: 'plan', plan: planned },
    warnings: ['of the source', leftOut],
  });
  fixture.results.length = 0;
  expect(await prepared({ ...prepareJob, outputs, whole: true })).toMatchObject({
    ...{ kind: 'prepare', warnings: [leftOut, 'a warning'] },
  });
  expect(whole.map(({ plan }) => plan)).toMatchObject([planned]);
  fixture.results.length = 0;
  const verifyCut = async () => ({ reason: 'It has no index.' });
  expect(await prepared({ ...prepareJob, outputs }, { verifyCut })).toMatchObject({
    warnings: ['It has no index.', leftOut, 'a warning'],
  });
  expect(whole.map(({ plan }) => plan)).toMatchObject([planned, planned]);
});

test.each([
  ['seconds', { seconds: 1 }],
  ['pixels', { pixels: 1000 }],
])(
  'a source of more %s than its customer may send is refused before it is planned',
  async (_, limits) => {
    const allowed = { bytes: 1e12, seconds: 1e6, pixels: 1e8, ...limits };
    const verifyCut = () => Promise.reject(new Error('must not be called'));
    expect(await prepared({ ...prepareJob, limits: allowed }, { verifyCut })).toBeNull();
    expect(fixture.results.at(-1)).toMatchObject({
      status: 'failed',
      error: { code: 'source_too_large', retryable: false },
    });
  },
);
