import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PresetList } from '@spillway/contracts';
import { presetPaths } from './http/openapi-outputs.ts';
import { readPresets } from './preset-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-presets-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, content: unknown) =>
  writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

test('the presets of the project are there, with every choice made', async () => {
  const presets = await readPresets(null);
  expect([...presets.keys()]).toEqual(['default', 'download', 'fast', 'high-quality', 'mobile']);
  expect(PresetList.parse({ presets: [...presets.values()] }).presets).toEqual([
    ...presets.values(),
  ]);
  expect(presets.get('mobile')).toMatchObject({
    renditions: [{ lines: 480 }, { lines: 360 }, { lines: 240 }],
    formats: ['hls', 'dash'],
    speed: 'veryfast',
  });
});

test('the description of the API shows `default` as it is', async () => {
  const described = presetPaths['/v1/presets']?.get?.responses?.['200'];
  expect(described).toMatchObject({
    content: {
      'application/json': { example: { presets: [(await readPresets(null)).get('default')] } },
    },
  });
});

test("the operator's presets come to ours, and take the place of one of the same name", async () => {
  await write('square.json', { description: 'ours', renditions: [{ lines: 600 }] });
  await write('default.json', { description: 'for us', speed: 'fast' });
  await write('README.md', 'not a preset');
  const presets = await readPresets(folder);
  expect(presets.get('default')).toMatchObject({ description: 'for us', speed: 'fast' });
  // What it leaves out is as in the default that holds here.
  expect(presets.get('square')).toMatchObject({ renditions: [{ lines: 600 }], speed: 'fast' });
  expect(presets.get('mobile')).toMatchObject({ speed: 'fast', audio: { channels: 1 } });
});

const broken: [what: string, name: string, content: unknown, message: RegExp][] = [
  ['no JSON', 'x.json', '{', /x\.json: it is not JSON: /],
  ['no description', 'x.json', {}, /x\.json: description: /],
  [
    'a wrong field',
    'x.json',
    { description: 'x', renditions: [{ lines: 720 }, { lines: 100 }] },
    /x\.json: renditions\.1\.lines: Too small/,
  ],
  [
    'twins',
    'x.json',
    { description: 'x', renditions: [{ lines: 720 }, { lines: 720, crf: 20 }] },
    /x\.json: renditions: each number of lines once/,
  ],
  ['an unknown field', 'x.json', { description: 'x', sped: 'fast' }, /x\.json: .*"sped"/],
  ['a name that no order can say', 'Big One.json', { description: 'x' }, /Big One\.json: its name/],
];
test.each(broken)(
  'a file with %s stops the start, and is told',
  async (_what, name, content, message) => {
    await write(name, content);
    await expect(readPresets(folder)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(message),
    });
  },
);

test('a file that cannot be read stops the start', async () => {
  await mkdir(join(folder, 'x.json'));
  await expect(readPresets(folder)).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringContaining('x.json: EISDIR'),
  });
});

test('a folder that is not there stops the start', async () => {
  await expect(readPresets(join(folder, 'none'))).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringContaining('SPILLWAY_PRESETS_DIR: ENOENT'),
  });
});
