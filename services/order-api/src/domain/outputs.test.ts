import { expect, test } from '@jest/globals';
import { Outputs, OutputsRequest, PresetFile } from '@spillway/contracts';
import fc from 'fast-check';
import { chooseOutputs, resolvePreset } from './outputs.ts';

const preset = (fields: object) => PresetFile.parse({ description: 'a preset', ...fields });
const nothing = preset({});

test('a preset that says nothing is as `default`, and that as the code says', () => {
  expect(resolvePreset('default', nothing, nothing)).toEqual({
    ...{ name: 'default', description: 'a preset' },
    ...{ renditions: null, formats: ['hls', 'dash'], audio: {}, speed: 'veryfast' },
  });
  const fallback = preset({ formats: ['hls'], audio: { channels: 1 }, speed: 'fast' });
  const mobile = preset({ renditions: [{ lines: 360 }], audio: { bitsPerSecond: 64_000 } });
  expect(resolvePreset('mobile', mobile, fallback)).toEqual({
    ...{ name: 'mobile', description: 'a preset', renditions: [{ lines: 360 }] },
    ...{ formats: ['hls'], audio: { channels: 1, bitsPerSecond: 64_000 }, speed: 'fast' },
  });
});

test('an order that names a preset and nothing else makes what the preset says', () => {
  const view = resolvePreset('p', preset({ renditions: [{ lines: 720 }], speed: 'slow' }), nothing);
  const { description: _description, name, ...choices } = view;
  expect(chooseOutputs(OutputsRequest.parse({ preset: 'p' }), view)).toEqual({
    ...Outputs.parse({}),
    ...{ preset: name, ...choices },
  });
});

const some = fc.record(
  {
    renditions: fc.constantFrom([{ lines: 720 }], [{ lines: 480, crf: 20 }, { lines: 240 }]),
    formats: fc.constantFrom<('hls' | 'mp4')[]>(['hls'], ['mp4'], ['hls', 'mp4']),
    audio: fc.constantFrom({}, { channels: 1 as const }, { bitsPerSecond: 96_000 }),
    speed: fc.constantFrom('fast' as const, 'slow' as const),
  },
  { requiredKeys: [] },
);

test('what an order says goes before its preset, and that before `default`, field by field', () => {
  fc.assert(
    fc.property(some, some, some, (asked, chosen, fallback) => {
      const made = chooseOutputs(
        OutputsRequest.parse({ ...asked, preset: 'p' }),
        resolvePreset('p', preset(chosen), preset(fallback)),
      );
      const layers = [asked, chosen, fallback];
      const first = (key: keyof typeof asked) =>
        layers.map((layer) => layer[key]).find((value) => value !== undefined);
      expect(made.renditions).toEqual(first('renditions') ?? null);
      expect(made.formats).toEqual(first('formats') ?? ['hls', 'dash']);
      expect(made.speed).toBe(first('speed') ?? 'veryfast');
      expect(made.audio).toEqual({ ...fallback.audio, ...chosen.audio, ...asked.audio });
      // It travels with jobs.
      expect(Outputs.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
    }),
  );
});
