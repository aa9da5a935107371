import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { outputFiles } from '@spillway/contracts';
import { ConfigError } from '@spillway/runtime';
import { openOutputFolder } from './output-folder.ts';

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-out-'));
  out = join(folder, 'out');
});
afterEach(() => rm(folder, { recursive: true }));

const withFiles = async (...names: string[]) => {
  await mkdir(out);
  for (const name of names) await writeFile(join(out, name), 'old');
};

test('files appear all at once, in the place of an earlier output', async () => {
  const { hls, dash, poster, qc } = outputFiles;
  const earlier = [hls, dash, poster, qc, 'audio'].sort();
  await withFiles(...earlier);
  const opened = await openOutputFolder(out);
  await opened.save('240p/init.mp4', Buffer.from('new'));
  expect((await readdir(out)).sort()).toEqual(earlier);
  await opened.finish();
  await opened.discard();
  expect(await readdir(out, { recursive: true })).toEqual(['240p', '240p/init.mp4']);
  expect(await readdir(folder)).toEqual(['out']);
});

test('what was not finished leaves nothing', async () => {
  const opened = await openOutputFolder(out);
  await opened.save('poster.jpg', Buffer.from('new'));
  await opened.discard();
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['somebody’s files', ['diary.txt']],
  ['a playlist of somebody’s', [outputFiles.hls, 'film.ts']],
])('a folder with %s is refused', async (_, names) => {
  await withFiles(...names);
  await expect(openOutputFolder(out)).rejects.toThrow(ConfigError);
  expect((await readdir(out)).sort()).toEqual(names.sort());
});

test('a place that cannot be written is refused before any work', async () => {
  await writeFile(out, 'a file');
  await expect(openOutputFolder(out)).rejects.toThrow(ConfigError);
  await expect(openOutputFolder(join(out, 'below'))).rejects.toThrow(ConfigError);
});

test('a name that leads out of the folder is refused', async () => {
  const opened = await openOutputFolder(out);
  await expect(opened.save('../elsewhere', Buffer.from('x'))).rejects.toThrow('leaves');
  await opened.discard();
});
