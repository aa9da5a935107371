import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeClip } from '../testing/index.ts';
import { EncodeError } from './failure.ts';
import { findFfmpeg } from './find.ts';
import { type RunFfmpeg, runFfmpeg } from './run.ts';

let parent: string;
afterAll(() => rm(parent, { recursive: true }));
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'spillway-run-'));
});

/** A program that behaves as an ffmpeg in trouble would. */
async function script(body: string): Promise<{ ffmpegPath: string; folder: string }> {
  const folder = await mkdtemp(join(parent, 'program-'));
  const ffmpegPath = join(folder, 'ffmpeg');
  await writeFile(ffmpegPath, `#!/bin/sh\n${body}\n`);
  await chmod(ffmpegPath, 0o755);
  return { ffmpegPath, folder };
}

const run = (options: Pick<RunFfmpeg, 'ffmpegPath'> & Partial<RunFfmpeg>) =>
  runFfmpeg({
    args: [],
    signal: new AbortController().signal,
    stallSeconds: 30,
    onFrames: () => {},
    ...options,
  });

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await delay(5);
}

describe('runFfmpeg', () => {
  const logs: [to: string, logName: string | null][] = [
    ['pipes', null],
    ['files', 'log'],
  ];
  const filesIn = (folder: string, log = 'log') => ({
    logPath: join(folder, log),
    progressPath: join(folder, 'progress'),
  });
  const tellIn = (log: string | null) => ({ files: log === null ? null : filesIn(parent, log) });

  test.each(logs)('tells CPU time and frames of a real run, by %s', async (_, name) => {
    const { ffmpegPath } = await findFfmpeg();
    const clip = await makeClip({ folder: parent });
    const frames: number[] = [];
    const progress = name === null ? 'pipe:1' : filesIn(parent).progressPath;
    const flags = ['-nostats', '-benchmark', '-progress', progress];
    const log = await run({
      ffmpegPath,
      ...tellIn(name),
      args: ['-loglevel', 'repeat+level+verbose', ...flags, '-i', clip, '-f', 'null', '-'],
      onFrames: (count) => frames.push(count),
    });
    expect(log.cpuSeconds).toBeGreaterThan(0);
    expect(log.decodedFrames.get(0)).toBe(25);
    // A file is looked at now and then, so not at the end.
    if (name === null) expect(frames.at(-1)).toBe(25);
    expect(log.lines.length).toBeLessThanOrEqual(20);
  });

  test('ends a run that tells progress but makes none', async () => {
    const { ffmpegPath } = await script('while :; do echo frame=7; sleep 0.05; done');
    await expect(run({ ffmpegPath, stallSeconds: 0.3 })).rejects.toMatchObject({
      code: 'encode_stalled',
      retryable: true,
    });
  });

  test('does not end a slow run that makes progress', async () => {
    const { ffmpegPath } = await script(
      'for n in 1 2 3 4 5 6 7 8; do echo frame=$n; sleep 0.1; done',
    );
    await expect(run({ ffmpegPath, stallSeconds: 0.4 })).resolves.toBeDefined();
  });

  const toFile = 'cd "$(dirname "$0")"; n=0; while [ $n -lt 30 ]; do n=$((n+1));';

  test('ends a run that tells its file progress but makes none', async () => {
    const { ffmpegPath, folder } = await script(
      `${toFile} echo frame=7 >> progress; sleep 0.1; done`,
    );
    const running = run({ ffmpegPath, files: filesIn(folder), stallSeconds: 1 });
    await expect(running).rejects.toMatchObject({ code: 'encode_stalled' });
  });

  test('does not end a slow run that makes progress by its file, and tells it', async () => {
    const { ffmpegPath, folder } = await script(
      `${toFile} echo frame=$n >> progress; echo total_size=7 >> progress; sleep 0.1; done`,
    );
    const frames: number[] = [];
    const onFrames = (count: number) => frames.push(count);
    await run({ ffmpegPath, files: filesIn(folder), stallSeconds: 1.2, onFrames });
    expect(frames.length).toBeGreaterThan(1);
    expect(frames).toEqual([...new Set(frames)].sort((a, b) => a - b));
  });

  test('an abort ends ffmpeg and what it started, and rejects with the reason', async () => {
    const { ffmpegPath, folder } = await script(
      'sleep 1000 & echo $! > "$(dirname "$0")/child"; echo frame=1; wait',
    );
    const controller = new AbortController();
    const reason = new Error('canceled by the customer');
    const running = run({
      ffmpegPath,
      signal: controller.signal,
      onFrames: () => controller.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
    await untilGone(Number(await readFile(join(folder, 'child'), 'utf8')));
  });

  test('an abort before the start starts nothing', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(run({ ffmpegPath: '/nowhere/ffmpeg', signal })).rejects.toThrow('too late');
  });

  const failures: [code: string, retryable: boolean, said: string][] = [
    ['storage_unavailable', true, '[error] av_interleaved_write_frame(): No space left on device'],
    ['storage_unavailable', true, '[https @ 0x1] [error] HTTP error 503 Service Unavailable'],
    ['source_truncated', false, '[error] Error while decoding stream #0:0: Invalid data'],
    ['source_unsupported', false, '[error] Decoder (codec wmv9) not found for input stream #0:0'],
    ['encode_failed', true, '[error] Something unheard of'],
  ];
  test.each(failures)('%s (retryable: %p) when ffmpeg says %s', async (code, retryable, said) => {
    const { ffmpegPath } = await script(`echo '${said}' >&2; exit 1`);
    await expect(run({ ffmpegPath })).rejects.toMatchObject({
      code,
      retryable,
      exit: 'code 1',
      log: [said],
    });
  });

  test('a full disk is told apart by a real ffmpeg', async () => {
    const { ffmpegPath } = await findFfmpeg();
    const clip = await makeClip({ folder: parent });
    const args = [
      '-loglevel',
      'repeat+level+verbose',
      '-y',
      '-i',
      clip,
      '-f',
      'mp4',
      '-movflags',
      '+frag_keyframe+empty_moov',
      '/dev/full',
    ];
    await expect(run({ ffmpegPath, args })).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  test.each(logs)(
    'a failure keeps the last 20 lines, by %s, and names the exit',
    async (_, name) => {
      const { ffmpegPath } = await script(
        'n=0; while [ $n -lt 50 ]; do n=$((n+1)); echo "[warning] line $n" >&2; done; exit 3',
      );
      const error = await run({ ffmpegPath, ...tellIn(name) }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(EncodeError);
      expect(error).toMatchObject({
        code: 'encode_failed',
        message: expect.stringContaining('code 3'),
      });
      const { log } = error as EncodeError;
      expect(log).toHaveLength(20);
      expect(log.at(-1)).toBe('[warning] line 50');
    },
  );

  test('a disk too full for the log is told before ffmpeg starts', async () => {
    const running = run({
      ffmpegPath: '/nowhere/ffmpeg',
      files: { ...filesIn(parent), logPath: '/dev/full' },
    });
    await expect(running).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  test('a run that never ends its complaints is ended, and its log stays bounded', async () => {
    const { ffmpegPath, folder } = await script(
      'while :; do head -c 999999 /dev/zero | tr "\\0" x >&2; echo >&2; done',
    );
    const running = run({ ffmpegPath, files: filesIn(folder) });
    await expect(running).rejects.toMatchObject({ code: 'source_truncated', retryable: false });
  });

  test('a program that does not start is an error, not a hang', async () => {
    await expect(run({ ffmpegPath: '/nowhere/ffmpeg' })).rejects.toThrow('ENOENT');
  });
});

describe('findFfmpeg', () => {
  test('finds a pair that works without being told where', async () => {
    const found = await findFfmpeg();
    expect(found.build).toMatch(/^ffmpeg version /);
  });

  test('a given path that does not work is an error, not a reason to look elsewhere', async () => {
    await expect(findFfmpeg({ ffmpegPath: '/nowhere/ffmpeg' })).rejects.toThrow(
      '/nowhere/ffmpeg does not work as ffmpeg',
    );
  });

  test('a program that is no ffmpeg does not pass as one', async () => {
    const { ffmpegPath } = await script('echo hello');
    await expect(findFfmpeg({ ffprobePath: ffmpegPath })).rejects.toThrow('as ffprobe');
  });
});
