import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Order, PresetList, Problem } from '@spillway/contracts';
import { ask, startTestApi, type TestApi } from './testing/api.ts';

let api: TestApi;
let clip: string;
beforeAll(async () => {
  api = await startTestApi();
  const file = path.join(api.folder, 'clip.mp4');
  await writeFile(file, 'not looked at');
  clip = pathToFileURL(file).href;
});
afterAll(() => api.close());

const place = <T = Order>(outputs: unknown) =>
  ask<T>(`${api.url}/v1/orders`, { body: { source: { url: clip }, outputs } });

test('the presets are listed with every choice made', async () => {
  const { status, body } = await ask<PresetList>(`${api.url}/v1/presets`);
  expect(status).toBe(200);
  expect(body.presets.map(({ name }) => name)).toContain('mobile');
  for (const { formats, speed } of body.presets)
    expect([formats.length > 0, speed]).toContain(true);
});

test('an order tells what it makes, and its worker is told the same', async () => {
  const { status, body } = await place({
    preset: 'mobile',
    formats: ['hls', 'mp4'],
    audio: { bitsPerSecond: 48_000 },
  });
  expect(status).toBe(202);
  const outputs = {
    preset: 'mobile',
    renditions: [{ lines: 480 }, { lines: 360 }, { lines: 240 }],
    formats: ['hls', 'mp4'],
    audio: { channels: 1, bitsPerSecond: 48_000 },
    speed: 'veryfast',
    captions: [],
    destination: null,
    allowPartial: false,
  };
  expect(body.outputs).toEqual(outputs);
  expect((await api.job(body.id, 'prepare')).job).toMatchObject({ outputs });
});

test('an order that says nothing has the preset `default`', async () => {
  const listed = await ask<PresetList>(`${api.url}/v1/presets`);
  const preset = listed.body.presets.find(({ name }) => name === 'default');
  const { body } = await place(undefined);
  const { renditions, formats, audio, speed } = body.outputs;
  expect({ renditions, formats, audio, speed }).toEqual({
    ...{ renditions: preset?.renditions, formats: preset?.formats },
    ...{ audio: preset?.audio, speed: preset?.speed },
  });
});

const wrong: [what: string, outputs: unknown, field: string, message: RegExp][] = [
  ['an unknown preset', { preset: 'none' }, 'outputs.preset', /default, download, fast/],
  [
    'the same lines twice',
    { renditions: [{ lines: 720 }, { lines: 720 }] },
    'outputs.renditions',
    /once/,
  ],
  ['odd lines', { renditions: [{ lines: 721 }] }, 'outputs.renditions.0.lines', /multiple of 2/],
  ['no rendition', { renditions: [] }, 'outputs.renditions', /Too small/],
  ['six channels', { audio: { channels: 6 } }, 'outputs.audio.channels', /Invalid/],
  ['another speed', { speed: 'placebo' }, 'outputs.speed', /veryfast/],
];
test.each(wrong)('%s is refused, and named', async (_what, outputs, field, message) => {
  const { status, body } = await place<Problem>(outputs);
  expect(status).toBe(422);
  expect(body.errors).toEqual([{ field, message: expect.stringMatching(message) }]);
});
