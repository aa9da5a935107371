import { afterAll, describe, expect, test } from '@jest/globals';
import { replay, scenarios } from './harness.ts';
import { knownGaps } from './known-gaps.ts';
import { readRecordings, recordingsAreThere } from './snapshot.ts';
import './sns/index.ts';
import './sqs/index.ts';

if (!recordingsAreThere) {
  const why = "AWS's recorded answers are not beside the project: their replay is left out";
  process.stdout.write(`${why}\n`);
  test.skip(why, () => undefined);
} else {
  const sqs = readRecordings('sqs');
  const sns = readRecordings('sns');

  test('every scenario and every gap is one that was recorded', () => {
    const recorded = new Set([...sqs.keys(), ...sns.keys()]);
    const named = [...scenarios.keys(), ...Object.values(knownGaps).flatMap(Object.keys)];
    expect(named.filter((name) => !recorded.has(name))).toEqual([]);
  });

  for (const [service, recordings] of Object.entries({ sqs, sns })) {
    describe(`recorded ${service.toUpperCase()} scenarios`, () => {
      const gaps = knownGaps[service as keyof typeof knownGaps];
      let passed = 0;

      for (const [name, recording] of recordings) {
        const scenario = scenarios.get(name);
        const gap = gaps[name];
        if (scenario && gap === undefined) {
          test(name, async () => {
            await replay(name, scenario, recording);
            passed += 1;
          });
        } else if (scenario) {
          test(`${name} is still a known gap: ${gap}`, async () => {
            await expect(replay(name, scenario, recording)).rejects.toThrow();
          });
        }
      }

      test('each is replayed, or listed as a gap', () => {
        const missing = [...recordings.keys()].filter(
          (name) => !scenarios.has(name) && gaps[name] === undefined,
        );
        expect(missing).toEqual([]);
      });

      afterAll(() => {
        const share = `${passed} of ${recordings.size} pass, ${Object.keys(gaps).length} known gaps`;
        process.stdout.write(`recorded ${service.toUpperCase()} scenarios: ${share}\n`);
      });
    });
  }
}
