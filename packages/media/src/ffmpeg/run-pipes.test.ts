import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PipeReader, runFfmpeg } from './run.ts';

let parent: string;
afterAll(() => rm(parent, { recursive: true }));
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'spillway-pipes-'));
});

/** Runs a program that writes as an ffmpeg would. */
async function run(
  body: string,
  readers: PipeReader[],
  options: { signal?: AbortSignal; stallSeconds?: number } = {},
) {
  const folder = await mkdtemp(join(parent, 'program-'));
  const ffmpegPath = join(folder, 'ffmpeg');
  await writeFile(ffmpegPath, `#!/bin/sh\n${body}\n`);
  await chmod(ffmpegPath, 0o755);
  const { signal = new AbortController().signal, stallSeconds = 30 } = options;
  return runFfmpeg({ ffmpegPath, args: [], signal, stallSeconds, onFrames: () => {}, readers });
}

const readAll =
  (into: string[]): PipeReader =>
  async (bytes) => {
    for await (const some of bytes) into.push(some.toString());
  };

test('each pipe is read by its own reader, to its end', async () => {
  const texts: string[][] = [[], []];
  await run('echo one >&3; echo two >&4; echo three >&3', texts.map(readAll));
  expect(texts.map((text) => text.join(''))).toEqual(['one\nthree\n', 'two\n']);
});

test('a reader that is slow holds ffmpeg up, and that is no stall', async () => {
  let read = 0;
  const slow: PipeReader = async (bytes) => {
    for await (const some of bytes) {
      if (read === 0) await delay(300);
      read += some.length;
    }
  };
  await run('head -c 1000000 /dev/zero >&3', [slow], { stallSeconds: 0.1 });
  expect(read).toBe(1_000_000);
});

test('an ffmpeg that writes nothing more is a stall', async () => {
  const stalled = run('echo one >&3; sleep 1000', [readAll([])], { stallSeconds: 0.1 });
  await expect(stalled).rejects.toMatchObject({ code: 'encode_stalled' });
});

test('what a reader rejects with ends ffmpeg, and is what the run rejects with', async () => {
  const refuse: PipeReader = async (bytes) => {
    for await (const _ of bytes) throw new Error('the store is full');
  };
  const refused = run('echo one >&3; while :; do sleep 1000; done', [refuse]);
  await expect(refused).rejects.toThrow('the store is full');
});

const notWhole: PipeReader = async (bytes) => {
  for await (const _ of bytes);
  throw new RangeError('A box is cut off.');
};

test('of an ffmpeg that failed, its own words count, not that its output is cut off', async () => {
  const failed = run('echo one >&3; echo "[error] Something unheard of" >&2; exit 1', [notWhole]);
  await expect(failed).rejects.toMatchObject({
    code: 'encode_failed',
    message: expect.stringContaining('Something unheard of'),
  });
});

test('an output that is cut off although ffmpeg saw nothing wrong is never taken for whole', async () => {
  await expect(run('echo one >&3', [notWhole])).rejects.toMatchObject({
    code: 'output_not_whole',
    message: expect.stringContaining('A box is cut off'),
  });
});

test('an abort does not wait for a reader that hangs', async () => {
  const abort = new AbortController();
  const hanging: PipeReader = async (bytes) => {
    for await (const _ of bytes) {
      abort.abort(new Error('canceled'));
      await new Promise(() => {});
    }
  };
  const aborted = run('cat /dev/zero >&3', [hanging], { signal: abort.signal });
  await expect(aborted).rejects.toThrow('canceled');
});
