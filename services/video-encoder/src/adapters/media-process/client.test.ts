import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findFfmpeg, inspectSource, planSource } from '@spillway/media';
import { makeClip } from '@spillway/media/testing';
import { MediaProcess } from './client.ts';

let folder: string;
let media: MediaProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-media-process-'));
});
afterEach(async () => {
  await media?.close();
  await rm(folder, { recursive: true });
});

async function encodeIn(workFolder: string) {
  const ffmpeg = await findFfmpeg();
  const { signal } = new AbortController();
  const address = await makeClip({ folder });
  const source = await inspectSource(ffmpeg, address, { allowPartial: false, signal });
  media = new MediaProcess({ ffmpeg, stallSeconds: 60, workFolder, environment: process.env });
  const options = { name: 'att', address, plan: planSource(source, { whole: true }), signal };
  return media.encodeWhole({ ...options, formats: ['hls'], onProgress() {} });
}

test('an error of the file system keeps its code: a full disk is waited for', async () => {
  // A file in the place of the encode's folder.
  await writeFile(join(folder, 'att'), '');
  await expect(encodeIn(folder)).rejects.toMatchObject({ code: 'EEXIST' });
});

test('a work folder that was tidied away is made again', async () => {
  const encoded = await encodeIn(join(folder, 'gone'));
  await encoded.remove();
  expect(encoded.files.length).toBeGreaterThan(4);
  expect(await readdir(join(folder, 'gone'))).toEqual([]);
});
