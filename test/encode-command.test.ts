// `npm run encode`, as a script would call it.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { QcReport } from '@spillway/contracts';
import { findFfmpeg } from '@spillway/media';
import { makeClip } from '@spillway/media/testing';

const program = fileURLToPath(new URL('../services/standalone/src/encode.ts', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-encode-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

const run = (file: string, args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(file, args, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

const encode = (...args: string[]) => run(process.execPath, [program, ...args]);
const reportOf = ({ stdout }: Ran) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

test('a clip becomes a folder that plays by itself, with its evidence', async () => {
  const clip = await makeClip({ seconds: 3, width: 426, height: 240, fps: 24, folder });
  const out = join(folder, 'out');
  const ran = await encode(clip, '--out', out, '--json');
  expect(ran.code).toBe(0);
  expect(reportOf(ran)).toMatchObject({ status: 'completed', error: null, out });
  expect(await readdir(out)).toEqual(
    expect.arrayContaining(['manifest.mpd', 'master.m3u8', 'poster.jpg', 'qc.json']),
  );
  const qc = JSON.parse(await readFile(join(out, 'qc.json'), 'utf8')) as QcReport;
  expect(qc.renditions.every(({ framesFound }) => framesFound === 72)).toBe(true);
  const { ffmpegPath } = await findFfmpeg();
  const check = await run(ffmpegPath, [
    ...['-v', 'warning', '-i', join(out, 'master.m3u8'), '-f', 'null', '-'],
  ]);
  expect(check.stderr).toBe('');
});

test('what is no video exits with 1 and says why', async () => {
  const text = join(folder, 'text.mp4');
  await writeFile(text, 'no video\n');
  const ran = await encode(text, '--out', join(folder, 'none'), '--json');
  expect(ran.code).toBe(1);
  expect(reportOf(ran)).toMatchObject({ status: 'failed', error: { code: 'source_not_media' } });
  expect(ran.stderr).not.toMatch(/\n {4}at /);
});

test('a file that is not there exits with 1, a wrong command line with 2', async () => {
  const missing = await encode(join(folder, 'nowhere.mp4'), '--out', join(folder, 'x'), '--json');
  expect([missing.code, reportOf(missing).status]).toEqual([1, 'failed']);
  expect((await encode('--bogus')).code).toBe(2);
});

test('a folder with somebody’s files is left alone', async () => {
  const clip = await makeClip({ name: 'one-second.mp4', folder });
  await writeFile(join(folder, 'diary.txt'), 'mine');
  const ran = await encode(clip, '--out', folder);
  expect([ran.code, await readFile(join(folder, 'diary.txt'), 'utf8')]).toEqual([2, 'mine']);
  expect(ran.stderr).toContain('other files');
});
