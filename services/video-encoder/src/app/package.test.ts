import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Fixture, openFixture } from '../testing/fixture.ts';
import { packageJob, report } from '../testing/samples.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.close());

test('an output of which a part is gone is told as not whole', async () => {
  const [first] = packageJob.chunkPrefixes;
  await fixture.storage.put(`${first}report.json`, Buffer.from(JSON.stringify(report())));
  await fixture.worker().run(packageJob, fixture.delivery({ lastAttempt: true }));
  expect(fixture.results).toMatchObject([
    {
      status: 'failed',
      error: { code: 'output_not_whole', message: expect.stringContaining('gone') },
      ffmpegBuild: null,
    },
  ]);
});

test('chunks that are not those of the plan are told as not whole, and nothing is kept', async () => {
  for (const prefix of packageJob.chunkPrefixes) {
    await fixture.storage.put(`${prefix}report.json`, Buffer.from(JSON.stringify(report())));
  }
  const answer = await fixture.worker().run(packageJob, fixture.delivery({ lastAttempt: true }));
  expect(answer).toMatchObject({ does: 'bury' });
  expect(fixture.results).toMatchObject([
    { status: 'failed', error: { code: 'output_not_whole' } },
  ]);
  expect((await fixture.keys()).filter((key) => key.includes('/package-0-'))).toEqual([]);
});
