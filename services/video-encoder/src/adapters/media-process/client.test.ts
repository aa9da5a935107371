import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Ffmpeg, findFfmpeg, inspectSource, planSource } from '@spillway/media';
import { makeClip } from '@spillway/media/testing';
import { isAlive, scriptedFfmpeg, until } from '../../testing/harness.ts';
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

interface EncodeOptions {
  readonly workFolder?: string;
  readonly ffmpeg?: Ffmpeg;
  readonly onProgress?: () => void;
}

async function encode(options: EncodeOptions = {}) {
  const { workFolder = folder, ffmpeg = await findFfmpeg(), onProgress = () => {} } = options;
  const { signal } = new AbortController();
  const address = await makeClip({ folder });
  const source = await inspectSource(ffmpeg, address, { allowPartial: false, signal });
  media = new MediaProcess({ ffmpeg, stallSeconds: 60, workFolder, environment: process.env });
  const plan = planSource(source, { whole: true });
  return media.encodeWhole({
    name: 'att',
    address,
    plan,
    signal,
    formats: ['hls'],
    captions: [],
    onProgress,
  });
}

test('an error of the file system keeps its code: a full disk is waited for', async () => {
  // A file in the place of the encode's folder.
  await writeFile(join(folder, 'att'), '');
  await expect(encode()).rejects.toMatchObject({ code: 'EEXIST' });
});

test('a work folder that was tidied away is made again', async () => {
  const encoded = await encode({ workFolder: join(folder, 'gone') });
  await encoded.remove();
  expect(encoded.files.length).toBeGreaterThan(4);
  expect(await readdir(join(folder, 'gone'))).toEqual([]);
});

test('a media process that dies takes its ffmpeg along', async () => {
  const pids = join(folder, 'pids');
  const progress = join(folder, 'att', 'progress');
  const script = `echo "$$ $PPID" > ${pids}; echo frame=1 > ${progress}; exec sleep 600`;
  const ffmpeg = await scriptedFfmpeg(folder, script);
  const read = () => readFileSync(pids, 'utf8').split(' ').map(Number);
  const onProgress = () => {
    const [, parent = 0] = read();
    process.kill(parent, 'SIGKILL');
  };
  await expect(encode({ ffmpeg, onProgress })).rejects.toThrow('ended in the middle');
  const [pid = 0] = read();
  await until(() => !isAlive(pid));
});
